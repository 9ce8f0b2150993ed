/** @file Which sigmas a k-diffusion sampler visits: A1111's schedule types, each `[steps + 1]`, descending, the last one 0. */
import { linspace, timestepToSigma, type NoiseSchedule } from "./noise-schedule.ts";

/** As A1111 lists them. "Automatic" is the sampler's own choice. */
export const SCHEDULE_TYPES = ["Automatic", "Uniform", "Karras"] as const;
export type ScheduleType = (typeof SCHEDULE_TYPES)[number];

/** A schedule with its own formula. */
export type NamedSchedule = Exclude<ScheduleType, "Automatic">;

const SIGMAS_OF: Record<NamedSchedule, (schedule: NoiseSchedule, steps: number) => number[]> = {
  Uniform: uniformSigmas,
  Karras: karrasSigmas,
};

/** The sigmas of `steps` steps. Throws RangeError for less than one step. */
export function scheduleSigmas(schedule: NoiseSchedule, type: NamedSchedule, steps: number): Float32Array {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps must be a whole number from 1, got ${steps}`);
  return Float32Array.from([...SIGMAS_OF[type](schedule, steps), 0]);
}

/** k-diffusion's `get_sigmas`: timesteps evenly from the last to the first. */
function uniformSigmas(schedule: NoiseSchedule, steps: number): number[] {
  const timesteps = Float32Array.from(linspace(schedule.sigmas.length - 1, 0, steps));
  return Array.from(timesteps, (timestep) => timestepToSigma(schedule, timestep));
}

/** Karras et al. 2022, equation 5, with their rho. */
function karrasSigmas({ sigmas }: NoiseSchedule, steps: number): number[] {
  const RHO = 7;
  const [smallest, largest] = [sigmas[0]! ** (1 / RHO), sigmas.at(-1)! ** (1 / RHO)];
  return linspace(0, 1, steps).map((ramp) => (largest + ramp * (smallest - largest)) ** RHO);
}
