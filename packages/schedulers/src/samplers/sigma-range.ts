/** @file The range of sigmas for samplers that do not use the schedule's own sigmas. */
import type { SamplerContext } from "../sampling.ts";

/** The smallest sigma above 0 and the largest sigma. An SDE sampler's Brownian motion covers this range of the whole schedule. */
export function sigmaRange(sigmas: Float32Array): { smallest: number; largest: number } {
  // No `Math.min(...sigmas)`, because the schedule of a second pass can have more sigmas than a call can take arguments.
  let [smallest, largest] = [Infinity, -Infinity];
  for (const sigma of sigmas) {
    if (sigma > 0) smallest = Math.min(smallest, sigma);
    largest = Math.max(largest, sigma);
  }
  return { smallest, largest };
}

/** The range for DPM-Solver, as in A1111: the checkpoint's smallest and largest sigma, or in a second pass the last sigma but one and the first. */
export function solverRange(
  sigmas: Float32Array,
  { schedule, isSecondPass }: SamplerContext,
): { smallest: number; largest: number } {
  if (isSecondPass) return { smallest: sigmas.at(-2)!, largest: sigmas[0]! };
  return { smallest: schedule.sigmas[0]!, largest: schedule.sigmas.at(-1)! };
}
