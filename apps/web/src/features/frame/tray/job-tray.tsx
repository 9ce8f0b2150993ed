/** @file The jobs on every tab: one line while a job runs, and the list of all jobs when it is open. */
import { ActionIcon, Button, Progress } from "@mantine/core";
import type { JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useStore } from "zustand";
import { useJobCount, useJobList, useJobProgress, useRunningJob } from "../../../state/jobs.ts";
import { useFileWait } from "../../../parts/jobs/file-wait.ts";
import { useFailures, useUnseenFailures } from "../../../parts/jobs/failures.ts";
import { clearJobs } from "../../../parts/jobs/job-actions.ts";
import { viewOf } from "../../../parts/jobs/job-kinds.ts";
import { useLastNews } from "../../../parts/jobs/last-news.ts";
import { JobLink } from "../../../parts/jobs/job-link.tsx";
import { isInOverlay } from "../../../ui/overlays/open-overlay.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { ChevronIcon, CloseIcon } from "../../../ui/icons/icons.tsx";
import { NotifySwitch } from "../done-notification.tsx";
import { useEndJob } from "./end-job.ts";
import { describeProgress } from "./job-progress.ts";
import { AskFirst } from "./ask-first.tsx";
import { JobGroup } from "./job-group.tsx";
import { groupJobs } from "./job-groups.ts";
import { JobRow } from "./job-row.tsx";
import styles from "./job-tray.module.css";
import { toggleTray, trayStore } from "./tray-store.ts";
import { WaitingGroup } from "./waiting-group.tsx";

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

function RunningLine({ job }: { job: Job }): ReactNode {
  const progress = useJobProgress(job.id);
  const fileWait = useFileWait(progress);
  const waiting = useJobCount("queued");
  const lastNews = useLastNews();
  const end = useEndJob(job);
  const [location] = useLocation();
  const view = viewOf(job);
  const endsOnTab = useSyncExternalStore(view.watchTab, () => view.endsOnTab(job));
  return (
    <div className={styles["line"]} data-shown={location === view.tab && endsOnTab}>
      <Progress
        className={styles["bar"] ?? ""}
        value={percentOf(progress)}
        aria-label={job.title}
        size={6}
        transitionDuration={200}
      />
      <JobLink job={job} className={styles["title"]} />
      <span className={styles["numbers"]}>{fileWait ?? lastNews(describeProgress(job, progress))}</span>
      {waiting === 0 ? null : <span className={styles["waiting"]}>{formatCount(waiting)} waiting</span>}
      <Button
        className={styles["end"] ?? ""}
        size="compact-sm"
        variant="default"
        disabled={end.disabled}
        onClick={end.run}
      >
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
  const all = useJobList(() => true);
  const { running, waiting, ended, continued } = groupJobs(all);
  const failures = useFailures();
  const { markSeen } = useUnseenFailures();
  useEffect(() => markSeen(failures), [failures, markSeen]);
  const row = (job: Job): ReactNode => <JobRow key={job.id} job={job} isContinued={continued.has(job)} />;
  const isEmpty = running.length + waiting.length + ended.length === 0;
  return (
    <div className={styles["list"]} data-scrolls>
      <div className={styles["head"]}>
        <h2>Jobs</h2>
        <span className={styles["notify"]}>
          <NotifySwitch />
        </span>
        {ended.length === 0 ? null : (
          <AskFirst label="Clear the list" title="Clear the list?" confirm="Clear" onConfirm={() => void clearJobs()}>
            Every job that has ended leaves the list, also older ones that are not shown here. Their pictures,
            embeddings and training runs stay.
          </AskFirst>
        )}
        <ActionIcon variant="subtle" color="gray" aria-label="Close jobs" onClick={toggleTray}>
          <CloseIcon />
        </ActionIcon>
      </div>
      {isEmpty ? (
        <p className={styles["none"]}>
          Nothing has run yet. Jobs that you start appear here, and go on when this page is closed.
        </p>
      ) : null}
      <JobGroup title="Running" items={running} row={row} />
      <WaitingGroup jobs={waiting} />
      {ended.map(({ title, jobs }) => (
        <JobGroup key={title} title={title} items={jobs} row={row} />
      ))}
    </div>
  );
}

function percentOf(progress: JobProgress | null): number {
  return progress === null || progress.steps === 0 ? 0 : (100 * progress.step) / progress.steps;
}
