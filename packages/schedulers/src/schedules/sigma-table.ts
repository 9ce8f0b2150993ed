/** @file The sigmas a model knows and the way between them and its timesteps: what a schedule chooses from. */
import { sigmaToTimestep, timestepToSigma, type NoiseSchedule } from "../noise-schedule.ts";

export interface SigmaTable {
  /** Ascending. */
  readonly sigmas: Float32Array;
  readonly toTimestep: (sigma: number) => number;
  readonly toSigma: (timestep: number) => number;
}

/** k-diffusion's `DiscreteSchedule` over all of the training's timesteps. */
export function trainingSigmas(schedule: NoiseSchedule): SigmaTable {
  return {
    sigmas: schedule.sigmas,
    toTimestep: (sigma) => sigmaToTimestep(schedule, sigma),
    toSigma: (timestep) => timestepToSigma(schedule, timestep),
  };
}
