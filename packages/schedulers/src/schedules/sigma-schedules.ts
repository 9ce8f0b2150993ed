/** @file The sigmas of a k-diffusion sampler by A1111's schedule types, in descending order; the last is 0, except for KL Optimal. */
import { SCHEDULES, type NamedSchedule } from "../catalogue/index.ts";
import { exp32, linspace32 } from "../float32.ts";
import { betaQuantile } from "./beta-quantile.ts";
import type { SigmaTable } from "./sigma-table.ts";

/** A1111's `sigma_min`, `sigma_max` and `rho`; 0 means the model's own end or the schedule's own rho. */
export interface SigmaLimits {
  readonly sigmaMin: number;
  readonly sigmaMax: number;
  readonly rho: number;
}

/** A1111's `beta_dist_alpha` and `beta_dist_beta` (Lee et al. 2024, "Beta Sampling is All You Need"). */
export interface BetaShape {
  readonly alpha: number;
  readonly beta: number;
}

const DEFAULT_SHAPE: BetaShape = { alpha: 0.6, beta: 0.6 };

const NO_LIMITS: SigmaLimits = { sigmaMin: 0, sigmaMax: 0, rho: 0 };

/** The start and end of a schedule, and its steepness if that can be chosen. */
interface SigmaRange {
  readonly smallest: number;
  readonly largest: number;
  readonly rho: number;
  readonly shape: BetaShape;
}

/** The limits have no effect on Uniform, Align Your Steps, Simple and DDIM, which always use the table's range, as in A1111. */
const SIGMAS_OF: Record<NamedSchedule, (table: SigmaTable, steps: number, range: SigmaRange) => number[]> = {
  Uniform: uniformSigmas,
  Karras: karrasSigmas,
  Exponential: exponentialSigmas,
  Polyexponential: polyexponentialSigmas,
  "SGM Uniform": sgmUniformSigmas,
  "KL Optimal": klOptimalSigmas,
  "Align Your Steps": alignYourStepsSigmas,
  Simple: simpleSigmas,
  Normal: normalSigmas,
  DDIM: ddimSigmas,
  Beta: betaSigmas,
};

/**
 * The sigmas of `steps` steps: one more than the number of steps, but the DDIM schedule can have more (6 steps become 7 on 1000 timesteps).
 * Throws RangeError for less than one step.
 */
export function scheduleSigmas(
  table: SigmaTable,
  type: NamedSchedule,
  {
    steps,
    limits = NO_LIMITS,
    shape = DEFAULT_SHAPE,
  }: { steps: number; limits?: SigmaLimits | undefined; shape?: BetaShape | undefined },
): Float32Array {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps must be a whole number from 1, got ${steps}`);
  const own = ends(table);
  const range = {
    smallest: limits.sigmaMin || own.smallest,
    largest: limits.sigmaMax || own.largest,
    rho: limits.rho || (SCHEDULES[type].rho ?? 1),
    shape,
  };
  return Float32Array.from(SIGMAS_OF[type](table, steps, range));
}

/** Makes one more sigma and leaves out the last before 0: DPM2 and DPM++ 3M SDE skip the step that changes nothing. */
export function discardNextToLast(sigmas: Float32Array): Float32Array {
  return Float32Array.from([...sigmas.subarray(0, -2), sigmas.at(-1)!]);
}

function ends({ sigmas }: SigmaTable): { smallest: number; largest: number } {
  return { smallest: sigmas[0]!, largest: sigmas.at(-1)! };
}

/** k-diffusion's `get_sigmas`: timesteps evenly spaced from the last to the first. */
function uniformSigmas(table: SigmaTable, steps: number): number[] {
  return normalSigmas(table, steps, ends(table));
}

/** Evenly spaced timesteps, with the last (ComfyUI's "normal"). */
function normalSigmas(
  table: SigmaTable,
  steps: number,
  { smallest, largest }: Pick<SigmaRange, "smallest" | "largest">,
): number[] {
  const timesteps = linspace32(table.toTimestep(largest), table.toTimestep(smallest), steps);
  return [...timesteps.map((timestep) => table.toSigma(timestep)), 0];
}

/** Karras et al. 2022, equation 5, with their rho. */
function karrasSigmas(_table: SigmaTable, steps: number, range: SigmaRange): number[] {
  return karrasRamp(range, steps);
}

/** Karras' schedule between any two sigmas, for Restart. */
export function karrasRamp(
  { smallest, largest, rho }: { smallest: number; largest: number; rho: number },
  steps: number,
): number[] {
  const [low, high] = [smallest ** (1 / rho), largest ** (1 / rho)];
  const f = Math.fround;
  return [...linspace32(0, 1, steps).map((ramp) => f(f(f(high) + f(ramp * f(low - high))) ** rho)), 0];
}

/** Evenly spaced in log sigma. */
function exponentialSigmas(_table: SigmaTable, steps: number, { smallest, largest }: SigmaRange): number[] {
  return [...linspace32(Math.log(largest), Math.log(smallest), steps).map(exp32), 0];
}

/** k-diffusion's polyexponential schedule; with its rho of 1 it is the exponential schedule with other rounding. */
function polyexponentialSigmas(_table: SigmaTable, steps: number, sigmas: SigmaRange): number[] {
  const { smallest, largest, rho } = sigmas;
  const [low, range] = [Math.fround(Math.log(smallest)), Math.fround(Math.log(largest) - Math.log(smallest))];
  const ramps = linspace32(1, 0, steps).map((ramp) => Math.fround(ramp ** rho));
  return [...ramps.map((ramp) => exp32(Math.fround(Math.fround(ramp * range) + low))), 0];
}

/** One more timestep than steps, without the last (Stability's generative-models). */
function sgmUniformSigmas(table: SigmaTable, steps: number, { smallest, largest }: SigmaRange): number[] {
  const timesteps = linspace32(table.toTimestep(largest), table.toTimestep(smallest), steps + 1).slice(0, -1);
  return [...timesteps.map((timestep) => table.toSigma(timestep)), 0];
}

/** Sabour et al. 2024, "Align Your Steps", equation of the KL upper bound; the smallest sigma is the last, without a 0 after it. */
function klOptimalSigmas(_table: SigmaTable, steps: number, { smallest, largest }: SigmaRange): number[] {
  const f = Math.fround;
  const [low, high] = [f(Math.atan(smallest)), f(Math.atan(largest))];
  return Array.from({ length: steps + 1 }, (_, i) => {
    const share = f(i / steps);
    return Math.tan(f(f(share * low) + f(f(1 - share) * high)));
  });
}

/** The optimised sigmas for SD 1.5 from the same paper, ascending. */
const ALIGN_YOUR_STEPS = [0.029, 0.152, 0.399, 0.652, 0.963, 1.396, 1.886, 2.697, 3.861, 6.475, 14.615];

/** The table; for other numbers of steps it is interpolated linearly in log sigma between its eleven values. */
function alignYourStepsSigmas(_table: SigmaTable, steps: number): number[] {
  const last = ALIGN_YOUR_STEPS.length - 1;
  const ascending = Array.from({ length: steps }, (_, i) => {
    const place = steps === 1 ? 0 : (i * last) / (steps - 1);
    const low = Math.min(Math.floor(place), last - 1);
    const [from, to] = [Math.log(ALIGN_YOUR_STEPS[low]!), Math.log(ALIGN_YOUR_STEPS[low + 1]!)];
    return Math.exp(from + (place - low) * (to - from));
  });
  return [...ascending.toReversed(), 0];
}

/** Evenly spaced places of the table from the top (ComfyUI's "simple"). */
function simpleSigmas({ sigmas }: SigmaTable, steps: number): number[] {
  const stride = sigmas.length / steps;
  return [...Array.from({ length: steps }, (_, i) => sigmas.at(-1 - Math.floor(i * stride))!), 0];
}

/** The sigmas of DDIM's own timesteps: 1, 1 + stride, … */
function ddimSigmas({ sigmas }: SigmaTable, steps: number): number[] {
  const stride = Math.max(Math.floor(sigmas.length / steps), 1);
  const ascending: number[] = [];
  for (let i = 1; i < sigmas.length; i += stride) ascending.push(sigmas[i]!);
  return [...ascending.toReversed(), 0];
}

function betaSigmas(_table: SigmaTable, steps: number, { smallest, largest, shape }: SigmaRange): number[] {
  const sigmas = Array.from({ length: steps }, (_, i) => {
    const share = betaQuantile(steps === 1 ? 1 : 1 - i / (steps - 1), shape.alpha, shape.beta);
    return smallest + share * (largest - smallest);
  });
  return [...sigmas, 0];
}
