export {
  ArtifactSchema,
  JOB_STATES,
  JobProgressSchema,
  JobResultsSchema,
  MetricPointSchema,
  isDrawnPicture,
  isFinished,
  type Artifact,
  type JobProgress,
  type JobResults,
  type JobState,
  type MetricPoint,
} from "./job.ts";
export { lossesOf, thinPoints } from "./metric-points.ts";
export { countsSteps, PHASE_TEXTS, type JobPhase } from "./job-phase.ts";
export { LANES, type Lane } from "./lane.ts";
export {
  JOB_KINDS,
  JobRequestSchema,
  atCheckpoint,
  batchesOf,
  canGoFirst,
  embeddingReplaced,
  jobTitle,
  resumedFrom,
  savedStep,
  type ContextOf,
  type JobKind,
  type JobRequest,
  type JobWork,
  type SettingsOf,
} from "./job-kinds.ts";
export { DEVICES, type Device, type DeviceReport } from "./device.ts";
export { type CheckpointRef, type UpscalerRef } from "./model-refs.ts";
