export {
  addNoise,
  createNoiseSchedule,
  sigmaToTimestep,
  timestepToSigma,
  TRAIN_TIMESTEPS,
  type NoiseSchedule,
} from "./noise-schedule.ts";
export {
  ImageNoise,
  type BrownianNoise,
  type LatentShape,
  type NoiseSettings,
  type NoiseSource,
} from "./noise/image-noise.ts";
export { modelCalls, progressTotal, sampleLatents, type SamplingPlan } from "./sample-latents.ts";
export {
  DEFAULT_SAMPLER_SETTINGS,
  type Latents,
  type ModelCall,
  type PredictGuided,
  type PredictNoise,
  type SampleOptions,
  type SamplerSettings,
  type SampleStep,
} from "./sampling.ts";
export { longestSchedule, wholeSteps } from "./second-pass.ts";
