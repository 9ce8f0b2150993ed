/** @file Ancestral samplers split a step into a step down and fresh noise (Song et al. 2020; k-diffusion `get_ancestral_step`). */

/** The level `down` to step to, and the amount `up` of noise to add, so that the noise level is `to`: `down² + up² = to²`. With `eta` 0 no noise is added. */
export function ancestralStep(from: number, to: number, eta: number): { down: number; up: number } {
  if (eta === 0) return { down: to, up: 0 };
  const up = Math.min(to, eta * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  return { up, down: Math.sqrt(to ** 2 - up ** 2) };
}
