/** @file One job of the tray's list: title, state, log and actions. */
import { Button, Progress, Tooltip } from "@mantine/core";
import { isFinished, savedStep } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { DRAW_NOW_TITLE, useDrawNow } from "../../../parts/jobs/draw-now.ts";
import { actOnJob, removeJob } from "../../../parts/jobs/job-actions.ts";
import { useJobLog, useJobProgress } from "../../../state/jobs.ts";
import { retryLabel } from "../../../parts/jobs/retry-label.ts";
import { useFileWait } from "../../../parts/jobs/file-wait.ts";
import { useLastNews } from "../../../parts/jobs/last-news.ts";
import { JobLink } from "../../../parts/jobs/job-link.tsx";
import { useWholeJob } from "../../../parts/jobs/whole-job.ts";
import { formatDate, formatDuration, formatPlural, formatWhen } from "../../../ui/text/format.ts";
import { useEndJob } from "./end-job.ts";
import styles from "./job-row.module.css";
import { describeProgress } from "./job-progress.ts";

export interface JobRowProps {
  job: Job;
  /** The job failed, and a later job continued its work. */
  isContinued?: boolean;
  /** A handle to move the row. */
  handle?: ReactNode;
  /** During a drag: this is the dragged row, or it would be put before or after this row. */
  mark?: "dragged" | "before" | "after" | undefined;
}

export function JobRow({ job, isContinued = false, handle = null, mark }: JobRowProps): ReactNode {
  const [logOpen, setLogOpen] = useState(false);
  const progress = useJobProgress(job.id);
  const fileWait = useFileWait(job.state === "running" ? progress : null);
  const lastNews = useLastNews();
  const moment = job.finishedAt ?? job.startedAt ?? job.createdAt;
  return (
    <li className={styles["row"]} data-row={job.id} data-mark={mark}>
      <div className={styles["top"]}>
        {handle}
        <span className={styles["state"]} data-state={isContinued ? "cancelled" : job.state} aria-hidden />
        <JobLink job={job} className={styles["title"]} />
        <span className={styles["summary"]} data-state={isContinued ? "done" : job.state}>
          {isContinued
            ? "Failed, and continued since"
            : summaryOf(job, job.state === "running" ? (fileWait ?? lastNews(describeProgress(job, progress))) : "")}
        </span>
        <Tooltip label={formatDate(moment)}>
          <span className={styles["when"]}>{formatWhen(moment)}</span>
        </Tooltip>
        <span className={styles["actions"]}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-expanded={logOpen}
            onClick={() => setLogOpen(!logOpen)}
          >
            Details
          </Button>
          <JobActions job={job} isContinued={isContinued} />
        </span>
      </div>
      {job.state === "running" && progress !== null && progress.steps > 0 ? (
        <Progress
          className={styles["progress"] ?? ""}
          value={(100 * progress.step) / progress.steps}
          size={4}
          aria-label={`${job.title}: progress`}
        />
      ) : null}
      {job.error !== null && !isContinued ? <p className={styles["error"]}>{job.error.message}</p> : null}
      {logOpen ? <JobDetails job={job} /> : null}
    </li>
  );
}

function JobActions({ job, isContinued }: { job: Job; isContinued: boolean }): ReactNode {
  const end = useEndJob(job);
  const drawNow = useDrawNow(job);
  const retry = useAction({ mutationFn: () => actOnJob("retryJob", job.id) });
  const remove = useAction({ mutationFn: () => removeJob(job.id) });
  if (!isFinished(job.state)) {
    return (
      <>
        {drawNow.run === null ? null : (
          <Button size="compact-xs" variant="default" title={DRAW_NOW_TITLE} onClick={drawNow.run}>
            Draw now
          </Button>
        )}
        <Button size="compact-xs" variant="default" disabled={end.disabled} onClick={end.run}>
          {end.label}
        </Button>
      </>
    );
  }
  return (
    <>
      {job.state === "done" || isContinued ? null : (
        <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {retryLabel(savedStep(job.request, job.results))}
        </Button>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        Remove
      </Button>
    </>
  );
}

function JobDetails({ job }: { job: Job }): ReactNode {
  useWholeJob(job);
  const log = useJobLog(job.id);
  const { warnings, folder, skipped = [] } = job.results;
  return (
    <div className={styles["details"]}>
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
      {skipped.map(({ file, reason }) => (
        <p key={file}>
          <b>{file}</b>: {reason}
        </p>
      ))}
      {folder === undefined ? null : <p>Folder: {folder}</p>}
      <pre className={styles["log"]} tabIndex={0} aria-label={`Log of ${job.title}`}>
        {log.length === 0 ? "The log is empty." : log.join("\n")}
      </pre>
    </div>
  );
}

function summaryOf(job: Job, running: string): string {
  switch (job.state) {
    case "running":
      return running;
    case "queued":
      if (job.first) return "Waiting, comes first";
      return job.attempt > 1 ? `Waiting, attempt ${job.attempt}` : "Waiting";
    case "failed":
      return "Failed";
    case "cancelled":
      return job.results.summary ?? "Cancelled";
    case "done":
      return job.results.summary ?? doneSummary(job);
  }
}

function doneSummary(job: Job): string {
  const parts = ["Done"];
  if (job.results.written !== undefined) parts.push(`${formatPlural(job.results.written, "picture")} written`);
  if (job.startedAt !== null && job.finishedAt !== null) {
    parts.push(`in ${formatDuration((job.finishedAt - job.startedAt) / 1000)}`);
  }
  return parts.join(" · ");
}
