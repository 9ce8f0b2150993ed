/** @file The range over which an SDE sampler's Brownian motion runs. */

/** The smallest sigma above 0 and the largest, of the whole schedule. */
export function sigmaRange(sigmas: Float32Array): { smallest: number; largest: number } {
  return { smallest: Math.min(...sigmas.filter((sigma) => sigma > 0)), largest: Math.max(...sigmas) };
}
