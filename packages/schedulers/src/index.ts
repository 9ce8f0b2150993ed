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
export { modelCalls, planSigmas, progressTotal, sampleLatents, type SamplingPlan } from "./sample-latents.ts";
export {
  defaultEta,
  infotextScheduleType,
  parseSamplerName,
  SAMPLER_NAMES,
  SAMPLERS,
  type Sampler,
  type SamplerName,
} from "./samplers.ts";
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
export { SCHEDULE_TYPES, scheduleSigmas, type NamedSchedule, type ScheduleType } from "./schedules/sigma-schedules.ts";
