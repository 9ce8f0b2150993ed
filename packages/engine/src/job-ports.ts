/** @file The ports of a use case: a reporter for its progress, and signals that tell it to end. */
import type { Artifact, JobProgress, MetricPoint } from "@lexeme/domain/jobs";
import { setImmediate } from "node:timers/promises";

/** Receives a job's reports. Calls are cheap; the implementation limits their rate. */
export interface JobReporter {
  progress(progress: JobProgress): void;
  metric(point: MetricPoint): void;
  artifact(artifact: Artifact): void;
  /** The unfinished picture as a JPEG data URL. */
  preview(preview: { dataUrl: string; step: number; steps: number }): void;
  log(line: string): void;
}

/** The signals that end a job: `cancelled` at once, without unfinished results; `stopping` after the current step, with the results so far. */
export interface JobControl {
  readonly cancelled: AbortSignal;
  readonly stopping: AbortSignal;
  /** A signal for the batch that begins now: it aborts if the batch must end unfinished after the current step. */
  nextBatch?(): AbortSignal;
  /** For a kind that pauses: lets other jobs of the lane compute between two of its steps. */
  readonly turns?: Turns;
}

export interface Turns {
  /** True while other jobs go before the next step. */
  readonly othersFirst: boolean;
  /** Says that this job computes nothing now. Resolves when no other job goes first any more, and at a stop or a cancel. */
  wait(): Promise<void>;
}

export interface JobPorts {
  readonly reporter: JobReporter;
  readonly control: JobControl;
}

/**
 * Lets waiting messages arrive, then throws the signal's reason if the job was cancelled.
 * A session's `run` blocks the thread, so without a turn of the event loop between steps a cancel would never arrive.
 */
export async function checkpointForCancel(control: JobControl): Promise<void> {
  await setImmediate();
  control.cancelled.throwIfAborted();
}

/** Lets the other jobs that go first compute. Calls `onWait` before a wait and resolves with true after it; throws the signal's reason at a cancel. */
export async function giveWay({ turns, cancelled }: JobControl, onWait: () => void): Promise<boolean> {
  if (turns?.othersFirst !== true) return false;
  onWait();
  await turns.wait();
  cancelled.throwIfAborted();
  return true;
}
