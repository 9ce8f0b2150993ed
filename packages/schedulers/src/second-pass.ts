/** @file The second pass of hires fix (A1111's img2img): adds the noise from the middle of a schedule to a finished picture, and samples the rest of the schedule. */
import { goesBySigmas, SAMPLERS, SCHEDULES, type SamplerName, type ScheduleType } from "./catalogue/index.ts";
import { TRAIN_TIMESTEPS, type NoiseSchedule } from "./noise-schedule.ts";
import { ddimTimesteps } from "./samplers/ddim.ts";
import { ORIGINAL_TIMESTEPS } from "./samplers/lcm.ts";
import { combine, type Latents } from "./sampling.ts";

/** A1111's limit, so that a strength of 1 still gives the requested number of steps. */
const STRENGTH_LIMIT = 0.999;

/** Steps of the whole schedule, of which the last `steps` are sampled (`setup_img2img_steps`); 0 for strength 0. */
export function wholeSteps({ steps, denoisingStrength }: { steps: number; denoisingStrength: number }): number {
  return denoisingStrength > 0 ? Math.trunc(steps / Math.min(denoisingStrength, STRENGTH_LIMIT)) : 0;
}

/** The most that A1111's sliders can ask for: 150 steps at a strength of 0.01. */
const MAX_WHOLE_STEPS = 15_000;

/**
 * The most steps that the whole schedule can have. Samplers on timesteps, and schedules that pick from the model's sigmas, cannot have more
 * steps than the model has timesteps; a longer schedule would repeat sigmas or end early, and its latents would become NaN.
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
 * The start of DDIM and similar samplers, as in A1111: the noise belongs to timestep number `steps - 1`, but sampling begins at the
 * timestep below it.
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
