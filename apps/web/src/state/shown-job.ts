/** @file Which of a tab's jobs its result area shows. */
import type { Job } from "@lexeme/protocol";

/** What runs, else the newest that ran, else what waits first. `jobs` of one kind, newest first. */
export function shownJob(jobs: readonly Job[]): Job | null {
  return (
    jobs.find((job) => job.state === "running") ??
    jobs.find((job) => job.state !== "queued") ??
    jobs.findLast((job) => job.state === "queued") ??
    null
  );
}
