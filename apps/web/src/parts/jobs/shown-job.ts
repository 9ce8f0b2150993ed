/** @file Chooses the job that a tab's result area shows. */
import type { Job } from "@lexeme/protocol";

/** The running job, else the first that waits (so that a start is seen at once), else the newest that ended. `jobs` are newest first. */
export function shownJob(jobs: readonly Job[]): Job | null {
  return (
    jobs.find((job) => job.state === "running") ?? jobs.findLast((job) => job.state === "queued") ?? jobs[0] ?? null
  );
}
