export {
  addNoise,
  createNoiseSchedule,
  timestepToSigma,
  TRAIN_TIMESTEPS,
  type NoiseSchedule,
} from "./noise-schedule.ts";
export { ImageNoise, type NoiseSettings } from "./noise/image-noise.ts";
export { progressTotal, sampleLatents, type SamplingPlan } from "./sample-latents.ts";
export { type SampleStep } from "./sampling.ts";
export { longestSchedule, wholeSteps } from "./second-pass.ts";
