/** @file A batch of pictures that may be left out while it is being drawn. */
import type { JobControl } from "../job-ports.ts";

/** Draws with a control that a skip ends, too. Resolves with undefined when it did; a cancel is thrown as ever. */
export async function drawSkippable<T>(
  control: JobControl,
  draw: (control: JobControl) => Promise<T>,
): Promise<T | undefined> {
  const skipped = control.nextBatch?.();
  if (skipped === undefined) return draw(control);
  try {
    return await draw({ ...control, cancelled: AbortSignal.any([control.cancelled, skipped]) });
  } catch (error) {
    if (skipped.aborted && !control.cancelled.aborted) return undefined;
    throw error;
  }
}
