/** @file How ancestral samplers part a step into one down and fresh noise (Song et al. 2020; k-diffusion `get_ancestral_step`). */

/** How far down to step and how much noise to put back so that the level is `to`: `down² + up² = to²`. Without `eta` there is no noise. */
export function ancestralStep(from: number, to: number, eta: number): { down: number; up: number } {
  if (eta === 0) return { down: to, up: 0 };
  const up = Math.min(to, eta * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  return { up, down: Math.sqrt(to ** 2 - up ** 2) };
}
