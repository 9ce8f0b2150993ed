/** @file What a use case needs of whoever runs it: somewhere to report to, and a way to be told to end. */
import type { Artifact, JobProgress, MetricPoint } from "@lexeme/domain/jobs";
import { setImmediate } from "node:timers/promises";

/** Where a job's news goes. Calls are cheap; whoever implements it throttles. */
export interface JobReporter {
  progress(progress: JobProgress): void;
  metric(point: MetricPoint): void;
  artifact(artifact: Artifact): void;
  /** The unfinished picture as a JPEG data URL. */
  preview(preview: { dataUrl: string; step: number; steps: number }): void;
  log(line: string): void;
}

/** How a job is told to end: `cancelled` at once, keeping nothing unfinished; `stopping` after this step, keeping what was made. */
export interface JobControl {
  readonly cancelled: AbortSignal;
  readonly stopping: AbortSignal;
  /** A signal for the batch that begins now: it aborts when that one is to end after this step, unfinished as it is. */
  nextBatch?(): AbortSignal;
}

export interface JobPorts {
  readonly reporter: JobReporter;
  readonly control: JobControl;
}

/**
 * Lets messages in, then throws the signal's reason if the job was cancelled.
 * A session's `run` blocks the thread, so without a turn of the event loop between steps no cancel would ever be heard.
 */
export async function checkpointForCancel(control: JobControl): Promise<void> {
  await setImmediate();
  control.cancelled.throwIfAborted();
}
