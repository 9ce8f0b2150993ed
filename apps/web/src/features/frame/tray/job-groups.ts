/** @file The jobs of the tray in groups: what runs, what waits in its order, what failed, what is done. */
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { isContinued } from "../../../parts/jobs/continued-job.ts";
import { viewOf } from "../../../parts/jobs/job-kinds.ts";
import { waitingInOrder } from "../../../parts/jobs/waiting-order.ts";

export interface JobGroups {
  running: Job[];
  waiting: Job[];
  ended: { title: string; jobs: Job[] }[];
  /** Failed jobs whose work a later job continued. */
  continued: ReadonlySet<Job>;
}

/** `all`: every job, newest first. Groups without jobs are left out of `ended`. */
export function groupJobs(all: readonly Job[], now = new Date()): JobGroups {
  const jobs = all.filter((job) => viewOf(job).isListed(job.state));
  const continued = new Set(jobs.filter((job) => isContinued(job, all)));
  const ended = jobs.filter(({ state }) => isFinished(state));
  const [failed, others] = split(ended, (job) => job.state === "failed" && !continued.has(job));
  const today = now.toDateString();
  const [doneToday, earlier] = split(others, ({ createdAt }) => new Date(createdAt).toDateString() === today);
  return {
    running: jobs.filter(({ state }) => state === "running"),
    waiting: waitingInOrder(jobs),
    ended: [
      { title: "Failed", jobs: failed },
      { title: "Done today", jobs: doneToday },
      { title: "Earlier", jobs: earlier },
    ].filter((group) => group.jobs.length > 0),
    continued,
  };
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
