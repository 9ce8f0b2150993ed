/** @file The jobs on every tab: one line while a job runs, and the list of all jobs when it is open. */
import { ActionIcon, Button, Progress } from "@mantine/core";
import { isFinished, type JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import { useStore } from "zustand";
import { useJobCount, useJobList, useJobProgress, useJobs, useRunningJob } from "../../../state/jobs.ts";
import { isContinued } from "../../../parts/jobs/continued-job.ts";
import { viewOf } from "../../../parts/jobs/job-kinds.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { ChevronIcon, CloseIcon } from "../../../ui/icons/icons.tsx";
import { NotifySwitch } from "../done-notification.tsx";
import { useEndJob } from "./end-job.ts";
import { describeProgress } from "./job-progress.ts";
import { JobRow } from "./job-row.tsx";
import styles from "./job-tray.module.css";
import { toggleTray, trayStore } from "./tray-store.ts";

export function JobTray(): ReactNode {
  const open = useStore(trayStore, (state) => state.open);
  const running = useRunningJob();
  useEffect(() => {
    if (!open) return;
    function onKey(event: KeyboardEvent): void {
      if (event.key !== "Escape" || isInOverlay(event.target)) return;
      // After all other listeners: one of them may use the key.
      setTimeout(() => {
        if (!event.defaultPrevented) trayStore.setState({ open: false });
      });
    }
    // In the capture phase: an open tooltip would keep the event to itself.
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, [open]);
  if (!open && running === null) return null;
  return (
    <section className={styles["tray"]} aria-label="Jobs">
      {open ? <JobList /> : null}
      {open || running === null ? null : <RunningLine job={running} />}
    </section>
  );
}

/** True inside a dialog, a menu, or a field whose list of options is open: Escape closes that first. */
function isInOverlay(target: EventTarget | null): boolean {
  const overlays = '[role="dialog"], [role="menu"], [role="listbox"], input[aria-expanded="true"]';
  return target instanceof Element && target.closest(overlays) !== null;
}

function RunningLine({ job }: { job: Job }): ReactNode {
  const progress = useJobProgress(job.id);
  const waiting = useJobCount("queued");
  const end = useEndJob(job);
  return (
    <div className={styles["line"]}>
      <Progress
        className={styles["bar"] ?? ""}
        value={percentOf(progress)}
        aria-label={job.title}
        size={6}
        transitionDuration={200}
      />
      <Link href={viewOf(job).tab} className={styles["title"]} onClick={() => viewOf(job).show(job)}>
        {job.title}
      </Link>
      <span className={styles["numbers"]}>{describeProgress(job, progress)}</span>
      {waiting === 0 ? null : <span className={styles["waiting"]}>{formatCount(waiting)} waiting</span>}
      <Button size="compact-sm" variant="default" disabled={end.disabled} onClick={end.run}>
        {end.label}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Open the list of jobs"
        aria-expanded={false}
        onClick={toggleTray}
      >
        <span className={styles["chevron"]}>
          <ChevronIcon />
        </span>
      </ActionIcon>
    </div>
  );
}

function JobList(): ReactNode {
  const unlisted = useJobs((state) => state.unlisted);
  const jobs = useJobList((job) => viewOf(job).isListed(job.state));
  const all = useJobList(() => true);
  const continued = new Set(jobs.filter((job) => isContinued(job, all)));
  const isFailure = (job: Job) => job.state === "failed" && !continued.has(job);
  const groups: [string, Job[]][] = [
    ["Running", jobs.filter((job) => job.state === "running")],
    ["Waiting", jobs.filter((job) => job.state === "queued").reverse()],
    ["Failed", jobs.filter(isFailure)],
    ["Done today", jobs.filter((job) => isFinished(job.state) && !isFailure(job) && isToday(job.createdAt))],
    ["Earlier", jobs.filter((job) => isFinished(job.state) && !isFailure(job) && !isToday(job.createdAt))],
  ];
  return (
    <div className={styles["list"]}>
      <div className={styles["head"]}>
        <h2>Jobs</h2>
        <NotifySwitch />
        <ActionIcon variant="subtle" color="gray" aria-label="Close jobs" onClick={toggleTray}>
          <CloseIcon />
        </ActionIcon>
      </div>
      {jobs.length === 0 ? (
        <p className={styles["none"]}>
          Nothing has run yet. Jobs that you start appear here, and go on when this page is closed.
        </p>
      ) : null}
      {groups
        .filter(([, members]) => members.length > 0)
        .map(([title, members]) => (
          <div key={title}>
            <h3 className={styles["group"]}>{title}</h3>
            <ul className={styles["rows"]}>
              {members.map((job) => (
                <JobRow key={job.id} job={job} isContinued={continued.has(job)} />
              ))}
            </ul>
            {title === "Waiting" && unlisted > 0 ? (
              <p className={styles["none"]}>{formatCount(unlisted)} more are waiting; each is listed when it starts.</p>
            ) : null}
          </div>
        ))}
    </div>
  );
}

function percentOf(progress: JobProgress | null): number {
  return progress === null || progress.steps === 0 ? 0 : (100 * progress.step) / progress.steps;
}

function isToday(when: number): boolean {
  return new Date(when).toDateString() === new Date().toDateString();
}
