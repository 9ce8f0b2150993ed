/** @file A batch of pictures that may be ended in the middle: it comes to what there is of it by then. */
import type { JobControl } from "../job-ports.ts";

export interface BatchControl extends JobControl {
  /** Aborts when the batch is to end after this step. */
  readonly interrupted?: AbortSignal | undefined;
}

/** Runs a part of a batch. Resolves with undefined when the batch was interrupted in it; a cancel is thrown as ever. */
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
