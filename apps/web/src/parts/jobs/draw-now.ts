/** @file "Draw now": whether a waiting job can go before the next step of another job, and the sentence about its place in the queue. */
import { canGoFirst, type JobRequest } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useJobs, type JobsState } from "../../state/jobs.ts";
import { formatAbout } from "../../ui/text/format.ts";
import { actOnJob } from "./job-actions.ts";
import { viewOf, waitsForText } from "./job-kinds.ts";

/** What the button "Draw now" does. */
export const DRAW_NOW_TITLE = "Draws before the next step of the training, which goes on afterwards";

export interface DrawNow {
  /** Null if no running job would let this job go before its next step. */
  run: (() => void) | null;
  /** "Waits for the training of "mira" (about 12 min)". */
  place: string;
}

/** The running job whose next step such a job can go before; null if there is none. */
export function usePausingJob(request: JobRequest | null): Job | null {
  return useJobs(({ jobs }) =>
    request === null ? null : (runningAmong(jobs).find((job) => canGoFirst(request, job.request)) ?? null),
  );
}

/** Each waiting row asks at every event, and only few events change a job. */
const runningJobs = new WeakMap<JobsState["jobs"], Job[]>();

function runningAmong(jobs: JobsState["jobs"]): Job[] {
  const running = runningJobs.get(jobs) ?? Object.values(jobs).filter(({ state }) => state === "running");
  runningJobs.set(jobs, running);
  return running;
}

/** "about 12 min": the time that the job still needs; null while it is not known. It is a text, so that a step does not redraw what shows it. */
export function useTimeLeft(job: Job | null): string | null {
  return useJobs(({ progress }) => {
    const seconds = (job && (progress[job.id] ?? job.progress))?.etaSeconds ?? null;
    return seconds === null ? null : formatAbout(seconds);
  });
}

/** The place of a waiting job in the queue, and the way to let it go first. */
export function useDrawNow(job: Job): DrawNow {
  const host = usePausingJob(job.state === "queued" ? job.request : null);
  const left = useTimeLeft(host);
  if (host === null) return { run: null, place: "Waiting for its turn" };
  if (job.first) return { run: null, place: `Comes before the next step of ${viewOf(host).name(host)}` };
  const waits = waitsForText([host], left) ?? "";
  return { run: () => void actOnJob("goFirstJob", job.id), place: `W${waits.slice(1)}` };
}
