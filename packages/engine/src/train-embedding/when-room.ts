/** @file Waits for space on a full disk at the end of a training, so that what was learned is not lost. */
import { LexemeError } from "@lexeme/core";
import { setTimeout } from "node:timers/promises";
import type { JobControl, JobReporter } from "../job-ports.ts";
import type { WorkClock } from "../work-clock.ts";

const TRY_EVERY_MS = 2000;

export interface RoomParts {
  readonly ports: {
    readonly control: JobControl;
    readonly reporter: Pick<JobReporter, "log">;
    readonly clock: Pick<WorkClock, "waiting">;
  };
  readonly progress: { phase(phase: "waiting-for-space"): void };
}

/**
 * Writes, and tries again every two seconds while the disk is full. A cancel ends the waiting with the signal's reason, and a stop that comes
 * meanwhile ends it with LexemeError `DISK_FULL`. Other errors of `write` are thrown at once.
 */
export async function whenRoom<T>({ ports, progress }: RoomParts, write: () => Promise<T>): Promise<T> {
  const { control, reporter, clock } = ports;
  const wasStopping = control.stopping.aborted;
  let isWaiting = false;
  for (;;) {
    try {
      return await write();
    } catch (cause) {
      if (!(cause instanceof LexemeError) || cause.code !== "DISK_FULL") throw cause;
      control.cancelled.throwIfAborted();
      if (control.stopping.aborted && !wasStopping) throw cause;
      if (!isWaiting) {
        reporter.log(`Waiting for space: ${cause.message}`);
        progress.phase("waiting-for-space");
      }
      isWaiting = true;
      // A stop that ended the training itself cannot end the waiting too.
      const signal = wasStopping ? control.cancelled : AbortSignal.any([control.cancelled, control.stopping]);
      await clock.waiting(() => setTimeout(TRY_EVERY_MS, undefined, { signal }).catch(() => undefined));
    }
  }
}
