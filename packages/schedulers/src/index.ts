export { ddimTimesteps, sampleDdim } from "./ddim.ts";
export { sampleDpmSolverMultistep } from "./dpm-solver-multistep.ts";
export { sampleEulerAncestral } from "./euler-ancestral.ts";
export { sampleEuler } from "./euler.ts";
export { ImageNoise } from "./image-noise.ts";
export {
  addNoise,
  createNoiseSchedule,
  sigmaToTimestep,
  timestepToSigma,
  TRAIN_TIMESTEPS,
  type NoiseSchedule,
} from "./noise-schedule.ts";
export {
  infotextScheduleType,
  modelCalls,
  parseSamplerName,
  SAMPLER_NAMES,
  SAMPLERS,
  sampleLatents,
  type Sampler,
  type SamplerName,
  type SamplingPlan,
} from "./samplers.ts";
export { type Latents, type PredictNoise, type SampleOptions, type SampleStep, type SigmaSampler } from "./sampling.ts";
export { SCHEDULE_TYPES, scheduleSigmas, type NamedSchedule, type ScheduleType } from "./sigma-schedules.ts";
