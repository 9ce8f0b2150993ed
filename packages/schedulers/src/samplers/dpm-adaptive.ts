/** @file DPM-Solver of orders two and three, whose difference decides the length of a step ("DPM adaptive"; k-diffusion `sample_dpm_adaptive`). */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { firstNoise, noisyTarget, secondOrderStep, sigmaAt, thirdOrderStep, type SolverCache } from "./dpm-solver.ts";
import { solverRange } from "./sigma-range.ts";

/** k-diffusion's defaults, which A1111 does not change. */
const ORDER = 3;
const RELATIVE_TOLERANCE = 0.05;
const ABSOLUTE_TOLERANCE = 0.0078;
const FIRST_STEP = 0.05;
const ACCEPT_SAFETY = 0.81;
/** The order of the error when fresh noise is added. */
const NOISY_ORDER = 1.5;
/** The sampler stops when it is this near to the end. */
const END_MARGIN = 1e-5;

/**
 * Ignores the number of steps. The error is computed over all given latents, so callers must pass a batch of one to get the same image
 * alone and in a batch.
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
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = combine([1, x], [-sigmaAt(time), await firstNoise(x, way, ports)]);
    // eslint-disable-next-line no-await-in-loop
    const low = await secondOrderStep(x, { ...way, place: 1 / 3 }, ports);
    // eslint-disable-next-line no-await-in-loop
    const high = await thirdOrderStep(x, way, ports);
    // k-diffusion's controller with only the integral part: the step size follows the root of the error, limited by arctan.
    const error = relativeError({ low, high, previousLow });
    // With NaN the error never becomes small enough, so the sampler returns the damaged latents instead of looping forever.
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

/** Root mean square of the difference between the two orders, divided by the tolerance. */
function relativeError({ low, high, previousLow }: Record<"low" | "high" | "previousLow", Latents>): number {
  let sum = 0;
  for (let i = 0; i < low.length; i++) {
    const size = Math.max(Math.abs(low[i]!), Math.abs(previousLow[i]!));
    sum += ((low[i]! - high[i]!) / Math.max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * size)) ** 2;
  }
  return Math.sqrt(sum / low.length);
}
