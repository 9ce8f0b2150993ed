/** @file The sigmas of a model, and the conversion between sigmas and timesteps, for schedules. */
import { sigmaToTimestep, timestepToSigma, type NoiseSchedule } from "../noise-schedule.ts";

export interface SigmaTable {
  /** The sigmas in ascending order. */
  readonly sigmas: Float32Array;
  readonly toTimestep: (sigma: number) => number;
  readonly toSigma: (timestep: number) => number;
}

/** k-diffusion's `DiscreteSchedule` over all timesteps of the training. */
export function trainingSigmas(schedule: NoiseSchedule): SigmaTable {
  return {
    sigmas: schedule.sigmas,
    toTimestep: (sigma) => sigmaToTimestep(schedule, sigma),
    toSigma: (timestep) => timestepToSigma(schedule, timestep),
  };
}
