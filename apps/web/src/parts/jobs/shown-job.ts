/** @file Which of a tab's jobs its result area shows. */
import type { Job } from "@lexeme/protocol";

/** What runs, else what waits first (whoever pressed Start wants to see that it was heard), else the newest that ended. `jobs` newest first. */
export function shownJob(jobs: readonly Job[]): Job | null {
  return (
    jobs.find((job) => job.state === "running") ?? jobs.findLast((job) => job.state === "queued") ?? jobs[0] ?? null
  );
}
