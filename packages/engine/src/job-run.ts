/** @file What doing a job of one kind is: a function of its settings and of what the engine gives it. */
import type { CheckpointRef, ContextOf, JobKind, JobResults, SettingsOf } from "@lexeme/domain/jobs";
import type { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import type { JobPorts, JobReporter } from "./job-ports.ts";

/** What the run of a job gets besides its settings. */
export interface JobParts<K extends JobKind> extends JobPorts {
  readonly context: ContextOf<K>;
  /**
   * Opens a checkpoint and says so to the reporter, the job's own if none is given; sessions are kept between calls for as long as memory
   * allows. Throws TypeError in a lane without a device, which never loads ONNX Runtime.
   */
  readonly open: (checkpoint: CheckpointRef, reporter?: JobReporter) => Promise<DiffusionModel>;
}

/** Does a job of one kind. Whatever a person can mend is thrown as a LexemeError. */
export type JobRun<K extends JobKind> = (settings: SettingsOf<K>, parts: JobParts<K>) => Promise<JobResults>;
