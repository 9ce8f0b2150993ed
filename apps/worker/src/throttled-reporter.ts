/** @file Sends a job's reports to the server as few messages, so that a hundred steps a second do not burden IPC or the server. */
import type { JobReporter } from "@lexeme/engine";
import type { JobProgress, MetricPoint } from "@lexeme/domain/jobs";
import type { WorkerToServer } from "@lexeme/protocol";

/** Progress and metrics go out at most this often. */
const INTERVAL_MS = 100;
/** Previews are pictures, which are large; five a second look smooth enough. */
const PREVIEW_INTERVAL_MS = 200;

export interface ThrottledReporter extends JobReporter {
  /** Sends the held-back reports. Must be called before the final message of the job. */
  flush(): void;
}

/**
 * Progress is coalesced (the newest wins), metrics are collected, artifacts and log lines are sent at once.
 * The time is checked at each report, because the steps in between block the thread. A timer sends the report after which none comes: the job
 * then waits, for example for a file, and the server has to know for which.
 */
export function throttledReporter(
  jobId: string,
  send: (message: WorkerToServer) => void,
  now: () => number = () => performance.now(),
): ThrottledReporter {
  let pending: JobProgress | undefined;
  let phase: string | undefined;
  let points: MetricPoint[] = [];
  let sentAt = -Infinity;
  let previewAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (pending !== undefined) send({ type: "progress", jobId, progress: pending });
    if (points.length > 0) send({ type: "metrics", jobId, points });
    pending = undefined;
    points = [];
    sentAt = now();
    clearTimeout(timer);
    timer = undefined;
  }

  /** Sends the reports now if the last ones are old enough, else a little later. */
  function sendSoon(isUrgent: boolean): void {
    if (isUrgent || now() - sentAt >= INTERVAL_MS) flush();
    else timer ??= setTimeout(flush, INTERVAL_MS).unref();
  }

  return {
    flush,
    progress(progress) {
      const isNewPhase = progress.phase !== phase;
      phase = progress.phase;
      pending = progress;
      sendSoon(isNewPhase);
    },
    metric(point) {
      points.push(point);
      sendSoon(false);
    },
    artifact: (artifact) => send({ type: "artifact", jobId, artifact }),
    preview(preview) {
      if (now() - previewAt < PREVIEW_INTERVAL_MS) return;
      previewAt = now();
      send({ type: "preview", jobId, ...preview });
    },
    log: (line) => send({ type: "log", jobId, line }),
  };
}
