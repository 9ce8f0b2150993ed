/** @file The second pass of hires fix (A1111's img2img): a finished picture gets noise of the middle of a schedule, and the rest is walked. */
import { ddimTimesteps } from "./samplers/ddim.ts";
import { combine, type Latents } from "./sampling.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";

/** A1111's limit, so that a strength of 1 still has as many steps as were asked for. */
const STRENGTH_LIMIT = 0.999;

/** Steps of the whole schedule, of which the last `steps` are walked (`setup_img2img_steps`); none with strength 0. */
export function wholeSteps({ steps, denoisingStrength }: { steps: number; denoisingStrength: number }): number {
  return denoisingStrength > 0 ? Math.trunc(steps / Math.min(denoisingStrength, STRENGTH_LIMIT)) : 0;
}

/**
 * What DDIM and its like begin with: the noise is that of the timestep with the number of steps, less one, while the walk begins one
 * further down, as in A1111.
 */
export function timestepStart(
  schedule: NoiseSchedule,
  { picture, noise, steps, whole }: { picture: Latents; noise: Latents; steps: number; whole: number },
): { latents: Latents; timesteps: number[] } {
  const timesteps = ddimTimesteps(whole);
  const alpha = schedule.alphasCumprod[timesteps[steps - 1]!]!;
  return {
    latents: combine([Math.sqrt(alpha), picture], [Math.sqrt(1 - alpha), noise]),
    timesteps: timesteps.slice(0, steps - 1),
  };
}
