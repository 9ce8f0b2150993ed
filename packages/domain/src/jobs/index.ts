export {
  ArtifactSchema,
  JOB_STATES,
  JobProgressSchema,
  JobRequestSchema,
  JobResultsSchema,
  LANES,
  LANE_OF,
  MetricPointSchema,
  isFinished,
  type Artifact,
  type JobKind,
  type JobProgress,
  type JobRequest,
  type JobResults,
  type JobState,
  type Lane,
  type MetricPoint,
} from "./job.ts";
export { PHASE_TEXTS, type JobPhase } from "./job-phase.ts";
export { DEVICES, type Device, type DeviceReport } from "./device.ts";
export { type CheckpointRef, type JobContext, type UpscalerRef } from "./job-context.ts";
