/** @file One line above the picture, always of the same height: the job's progress, or its end. */
import { Button } from "@mantine/core";
import { isFinished, PHASE_TEXTS, type JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { DRAW_NOW_TITLE, useDrawNow } from "../../../parts/jobs/draw-now.ts";
import { useLastNews } from "../../../parts/jobs/last-news.ts";
import { SpokenProgress } from "../../../parts/jobs/spoken-progress.tsx";
import { actOnJob } from "../../../parts/jobs/job-actions.ts";
import {
  formatCount,
  formatDate,
  formatDuration,
  formatPlural,
  formatRate,
  formatWhen,
} from "../../../ui/text/format.ts";
import styles from "./result.module.css";

export interface DrawingStatusProps {
  job: Job;
  progress: JobProgress | null;
}

export function DrawingStatus({ job, progress }: DrawingStatusProps): ReactNode {
  const running = job.state === "running";
  const drawNow = useDrawNow(job);
  const lastNews = useLastNews();
  const text = job.state === "queued" ? drawNow.place : statusText(job, progress);
  return (
    <div className={styles["head"]}>
      <SpokenProgress job={job} progress={progress} text={text} />
      <div className={styles["status"]}>
        {running ? lastNews(text) : text}
        {isFinished(job.state) && job.finishedAt !== null && (
          <small title={formatDate(job.finishedAt)}>{formatWhen(job.finishedAt)}</small>
        )}
      </div>
      <div className={styles["buttons"]}>
        {running && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={job.stopping}
            onClick={() => void actOnJob("stopJob", job.id)}
          >
            {job.stopping ? "Stopping" : "Stop after this picture"}
          </Button>
        )}
        {drawNow.run !== null && (
          <Button size="compact-sm" variant="default" title={DRAW_NOW_TITLE} onClick={drawNow.run}>
            Draw now
          </Button>
        )}
        {!isFinished(job.state) && (
          <Button size="compact-sm" variant="default" onClick={() => void actOnJob("cancelJob", job.id)}>
            Cancel
          </Button>
        )}
      </div>
      {running && (
        <div
          className={styles["bar"]}
          role="progressbar"
          aria-label="Drawing"
          aria-valuenow={Math.round(partDone(progress) * 100)}
        >
          <i style={{ transform: `scaleX(${partDone(progress)})` }} />
        </div>
      )}
    </div>
  );
}

/** Of a job that does not wait: "Picture 2 of 4 · 32 of 80 steps · 1.1 s/step · 53 s left" */
export function statusText(job: Job, progress: JobProgress | null): string {
  if (job.state === "running") {
    if (progress === null) return "Starting";
    const { image, phase, step, steps, secondsPerStep, etaSeconds } = progress;
    return [
      image && image.count > 1 ? `Picture ${image.index} of ${image.count}` : null,
      phase === "drawing" ? null : PHASE_TEXTS[phase],
      steps > 0 ? `${formatCount(step)} of ${formatCount(steps)} steps` : null,
      secondsPerStep === null ? null : formatRate(secondsPerStep),
      etaSeconds === null ? null : `${formatDuration(etaSeconds)} left`,
    ]
      .filter((part) => part !== null)
      .join(" · ");
  }
  const pictures = job.results.artifacts.filter((artifact) => artifact.kind === "image").length;
  const took = job.startedAt !== null && job.finishedAt !== null ? (job.finishedAt - job.startedAt) / 1000 : null;
  if (job.state === "failed")
    return pictures === 0 ? "Nothing was drawn" : `Failed after ${formatPlural(pictures, "picture")}`;
  if (job.state === "cancelled")
    return pictures === 0 ? "Cancelled" : `Cancelled after ${formatPlural(pictures, "picture")}`;
  return [job.results.summary ?? formatPlural(pictures, "picture"), took === null ? null : formatDuration(took)]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Share of the whole job that is done, 0 to 1; steps count over all its pictures. */
export function partDone(progress: JobProgress | null): number {
  if (progress === null || progress.steps === 0) return 0;
  return Math.min(1, progress.step / progress.steps);
}
