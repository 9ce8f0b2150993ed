/** @file A batch of pictures that can be interrupted: its result is then the state of the pictures at that time. */
import type { JobControl } from "../job-ports.ts";

export interface BatchControl extends JobControl {
  /** Aborts if the batch must end after the current step. */
  readonly interrupted?: AbortSignal | undefined;
}

/** Runs a part of a batch. Resolves with undefined if the batch was interrupted meanwhile; a cancel is thrown as usual. */
export async function unlessInterrupted<T>(
  control: BatchControl,
  run: (control: JobControl) => Promise<T>,
): Promise<T | undefined> {
  const { interrupted, ...job } = control;
  if (interrupted === undefined) return run(job);
  try {
    return await run({ ...job, cancelled: AbortSignal.any([job.cancelled, interrupted]) });
  } catch (error) {
    if (interrupted.aborted && !job.cancelled.aborted) return undefined;
    throw error;
  }
}
