/** @file DPM-Solver of orders two and three with steps as long as their difference allows ("DPM adaptive"; k-diffusion `sample_dpm_adaptive`). */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { firstNoise, noisyTarget, secondOrderStep, sigmaAt, thirdOrderStep, type SolverCache } from "./dpm-solver.ts";
import { solverRange } from "./sigma-range.ts";

/** k-diffusion's defaults, which A1111 leaves alone. */
const ORDER = 3;
const RELATIVE_TOLERANCE = 0.05;
const ABSOLUTE_TOLERANCE = 0.0078;
const FIRST_STEP = 0.05;
const ACCEPT_SAFETY = 0.81;
/** Order of the error with fresh noise. */
const NOISY_ORDER = 1.5;
/** So near to the end no further step is taken. */
const END_MARGIN = 1e-5;

/**
 * Ignores the number of steps. The error is that of all latents given, so a batch of one must be given for an image to be the same alone
 * and in a batch.
 */
export async function sampleDpmAdaptive(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  const { smallest, largest } = solverRange(sigmas, context);
  const [start, end] = [-Math.log(largest), -Math.log(smallest)];
  const { eta, sNoise } = context.settings;
  const order = eta === 0 ? ORDER : NOISY_ORDER;
  let [x, previousLow, time, h] = [latents, latents, start, FIRST_STEP];
  while (time < end - END_MARGIN) {
    const step = { from: time, to: Math.min(end, time + h) };
    const { target, amount } = noisyTarget(step, { end, eta });
    const way = { from: time, to: target };
    const cache: SolverCache = new Map();
    const ports = { context, cache };
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const denoised = combine([1, x], [-sigmaAt(time), await firstNoise(x, way, ports)]);
    // eslint-disable-next-line no-await-in-loop
    const low = await secondOrderStep(x, { ...way, place: 1 / 3 }, ports);
    // eslint-disable-next-line no-await-in-loop
    const high = await thirdOrderStep(x, way, ports);
    // k-diffusion's controller with the integral part alone: the step grows and shrinks with the error's root, softly.
    const error = relativeError({ low, high, previousLow });
    // Of no numbers no step is ever small enough: what is damaged is seen in the picture, not in a loop without an end.
    if (!Number.isFinite(error)) return high;
    const ratio = (1 / (error + 1e-8)) ** (1 / order);
    const factor = 1 + Math.atan(ratio - 1);
    if (factor >= ACCEPT_SAFETY) {
      previousLow = low;
      x = combine([1, high], [amount * sNoise, context.noise.next()]);
      time = step.to;
    }
    h *= factor;
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised, done: (time - start) / (end - start) });
  }
  return x;
}

/** Root mean square of the orders' difference over what is tolerated. */
function relativeError({ low, high, previousLow }: Record<"low" | "high" | "previousLow", Latents>): number {
  let sum = 0;
  for (let i = 0; i < low.length; i++) {
    const size = Math.max(Math.abs(low[i]!), Math.abs(previousLow[i]!));
    sum += ((low[i]! - high[i]!) / Math.max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * size)) ** 2;
  }
  return Math.sqrt(sum / low.length);
}
