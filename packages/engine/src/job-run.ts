/** @file The type of a use case: a function of a job's settings and of the parts that the engine provides. */
import type { CheckpointRef, ContextOf, JobKind, JobResults, SettingsOf } from "@lexeme/domain/jobs";
import type { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import type { JobPorts, JobReporter } from "./job-ports.ts";

/** The parts that a use case gets besides the settings. */
export interface JobParts<K extends JobKind> extends JobPorts {
  readonly context: ContextOf<K>;
  /**
   * Opens a checkpoint and reports it to `reporter`, by default the job's own. Sessions stay open between calls as long as memory allows.
   * Rejects with TypeError in a lane without a device, which never loads ONNX Runtime.
   */
  readonly open: (checkpoint: CheckpointRef, reporter?: JobReporter) => Promise<DiffusionModel>;
}

/** Runs a job of one kind. A fault that a user can correct is thrown as a LexemeError. */
export type JobRun<K extends JobKind> = (settings: SettingsOf<K>, parts: JobParts<K>) => Promise<JobResults>;
