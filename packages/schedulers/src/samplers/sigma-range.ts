/** @file Between which sigmas a sampler goes that does not visit those of the schedule themselves. */
import type { SamplerContext } from "../sampling.ts";

/** The smallest sigma above 0 and the largest. An SDE sampler's Brownian motion runs over those of the whole schedule. */
export function sigmaRange(sigmas: Float32Array): { smallest: number; largest: number } {
  // A second pass' schedule can have more sigmas than a call has room for arguments.
  let [smallest, largest] = [Infinity, -Infinity];
  for (const sigma of sigmas) {
    if (sigma > 0) smallest = Math.min(smallest, sigma);
    largest = Math.max(largest, sigma);
  }
  return { smallest, largest };
}

/** DPM-Solver's own ends: the checkpoint's sigmas, or in a second pass the first one and the one before the last, as A1111 gives them. */
export function solverRange(
  sigmas: Float32Array,
  { schedule, isSecondPass }: SamplerContext,
): { smallest: number; largest: number } {
  if (isSecondPass) return { smallest: sigmas.at(-2)!, largest: sigmas[0]! };
  return { smallest: schedule.sigmas[0]!, largest: schedule.sigmas.at(-1)! };
}
