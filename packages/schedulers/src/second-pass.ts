/** @file The second pass of hires fix (A1111's img2img): a finished picture gets noise of the middle of a schedule, and the rest is walked. */
import { goesBySigmas, SAMPLERS, SCHEDULES, type SamplerName, type ScheduleType } from "./catalogue/index.ts";
import { TRAIN_TIMESTEPS, type NoiseSchedule } from "./noise-schedule.ts";
import { ddimTimesteps } from "./samplers/ddim.ts";
import { ORIGINAL_TIMESTEPS } from "./samplers/lcm.ts";
import { combine, type Latents } from "./sampling.ts";

/** A1111's limit, so that a strength of 1 still has as many steps as were asked for. */
const STRENGTH_LIMIT = 0.999;

/** Steps of the whole schedule, of which the last `steps` are walked (`setup_img2img_steps`); none with strength 0. */
export function wholeSteps({ steps, denoisingStrength }: { steps: number; denoisingStrength: number }): number {
  return denoisingStrength > 0 ? Math.trunc(steps / Math.min(denoisingStrength, STRENGTH_LIMIT)) : 0;
}

/** What A1111's sliders can ask for: 150 steps at a strength of 0.01. */
const MAX_WHOLE_STEPS = 15_000;

/**
 * How many steps the whole schedule can have. Samplers on timesteps and the schedules that choose among the model's sigmas have no more
 * places than the model has; beyond them a schedule repeats itself or ends, and what is walked holds no numbers.
 */
export function longestSchedule({
  samplerName,
  scheduleType,
}: {
  samplerName: SamplerName;
  scheduleType: ScheduleType;
}): number {
  if (!goesBySigmas(samplerName)) return TRAIN_TIMESTEPS;
  if (!SCHEDULES[scheduleType].picksFromTable) return MAX_WHOLE_STEPS;
  return SAMPLERS[samplerName].onLcmTimesteps ? ORIGINAL_TIMESTEPS : TRAIN_TIMESTEPS;
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
