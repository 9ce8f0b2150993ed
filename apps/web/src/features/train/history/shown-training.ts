/** @file Which of an embedding's trainings stands at the top: one that made no step never hides one that did. */
import { isFinished } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, HistoryRun, Job } from "@lexeme/protocol";
import { shownJob } from "../../../parts/jobs/shown-job.ts";
import { madeSteps } from "./lineage.ts";

export interface ShownTraining {
  /** The one that runs or waits, else the newest that made steps, else the newest. */
  job: Job | null;
  /** A newer one that ended before its first step, and says why. */
  failedTry: Job | null;
}

/** `jobs` are the embedding's, newest first. */
export function shownTraining(jobs: readonly Job[], history: EmbeddingHistory): ShownTraining {
  const unfinished = jobs.filter(({ state }) => !isFinished(state));
  if (unfinished.length > 0) return { job: shownJob(unfinished), failedTry: null };
  const withSteps = jobs.find(({ id }) => {
    const run = runOf(history, id);
    return run !== undefined && madeSteps(run);
  });
  const [newest] = jobs;
  // Of a history without a job in the list, the runs themselves tell.
  const hasSteps = withSteps !== undefined || history.runs.some(madeSteps);
  const isHidden = newest !== undefined && newest !== withSteps && hasSteps;
  return {
    job: hasSteps ? (withSteps ?? null) : (newest ?? null),
    failedTry: isHidden && newest.error !== null ? newest : null,
  };
}

/** The run that a job wrote last. */
export function runOf({ runs }: EmbeddingHistory, jobId: string): HistoryRun | undefined {
  return runs.findLast(({ jobs }) => jobs.includes(jobId));
}
