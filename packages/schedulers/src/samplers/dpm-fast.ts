/** @file DPM-Solver with a given number of model calls, in steps of third order ("DPM fast"; k-diffusion `sample_dpm_fast`). */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import {
  firstNoise,
  firstOrderStep,
  noisyTarget,
  secondOrderStep,
  sigmaAt,
  thirdOrderStep,
  type SolverCache,
} from "./dpm-solver.ts";
import { solverRange } from "./sigma-range.ts";

/**
 * Calls the model once per step, evenly in log sigma between the checkpoint's smallest and largest sigma; of the schedule only the number
 * of steps is used. Ends at the smallest sigma, not at 0, and adds noise (eta 1), as in A1111.
 */
export async function sampleDpmFast(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  const { smallest, largest } = solverRange(sigmas, context);
  const [start, end] = [-Math.log(largest), -Math.log(smallest)];
  const orders = ordersOf(sigmas.length - 1);
  const timeAt = (i: number) => start + ((end - start) * i) / orders.length;
  const { eta, sNoise } = context.settings;
  let x = latents;
  for (const [i, order] of orders.entries()) {
    const step = { from: timeAt(i), to: i + 1 === orders.length ? end : timeAt(i + 1) };
    const { target, amount } = noisyTarget(step, { end, eta });
    const cache: SolverCache = new Map();
    const way = { from: step.from, to: target, place: 1 / 2 };
    const solve = [firstOrderStep, secondOrderStep, thirdOrderStep][order - 1]!;
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const noise = await firstNoise(x, way, { context, cache });
    const denoised = combine([1, x], [-sigmaAt(step.from), noise]);
    // eslint-disable-next-line no-await-in-loop
    const stepped = await solve(x, way, { context, cache });
    x = combine([1, stepped], [amount * sNoise, context.noise.next()]);
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}

/** Steps of third order, and lower orders for the remaining calls at the end: 6 is 3 + 2 + 1, 7 is 3 + 3 + 1. */
function ordersOf(calls: number): number[] {
  const thirds = Math.floor(calls / 3);
  const rest = calls % 3 === 0 ? [2, 1] : [calls % 3];
  return [...Array<number>(calls % 3 === 0 ? thirds - 1 : thirds).fill(3), ...rest];
}
