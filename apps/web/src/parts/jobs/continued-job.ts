/** @file Whether a later job continued the work of a failed job, so that the failure is past. */
import { embeddingReplaced, isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";

/** True for a failed job whose embedding was trained later, or whose exact settings succeeded in a later job. */
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

/** Compares without the checkpoint: a retry has the same checkpoint, but by its name. */
function isSame(a: object, b: object): boolean {
  const text = (settings: object) => JSON.stringify({ ...settings, checkpoint: null });
  return text(a) === text(b);
}
