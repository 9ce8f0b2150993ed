/** @file Whether a later job took up what a failed one left: then the failure is past. */
import { embeddingReplaced, isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";

/** True for a failed job whose embedding was trained on since, or whose very settings were tried again with success. */
export function isContinued(job: Job, jobs: readonly Job[]): boolean {
  if (job.state !== "failed") return false;
  const embedding = embeddingReplaced(job.request);
  return jobs.some((later) => {
    if (later.createdAt <= job.createdAt || later.request.kind !== job.request.kind) return false;
    if (embedding === null) return later.state === "done" && isSame(later.request.settings, job.request.settings);
    if (embeddingReplaced(later.request) !== embedding) return false;
    return !isFinished(later.state) || later.state === "done" || later.results.artifacts.length > 0;
  });
}

/** The checkpoint of a job that is tried again is that of the first try, named. */
function isSame(a: object, b: object): boolean {
  const text = (settings: object) => JSON.stringify({ ...settings, checkpoint: null });
  return text(a) === text(b);
}
