/** @file Which of an embedding's trainings stands at the top: a training without a step never hides a training with steps. */
import { isFinished } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, HistoryRun, Job } from "@lexeme/protocol";
import { shownJob } from "../../../parts/jobs/shown-job.ts";
import { madeSteps } from "./lineage.ts";

export interface ShownTraining {
  /** The running or a waiting training, else the newest training that made steps, else the newest. */
  job: Job | null;
  /** A newer training that failed before its first step. Its error says why. */
  failedTry: Job | null;
}

/** `jobs` are the embedding's jobs, newest first. */
export function shownTraining(jobs: readonly Job[], history: EmbeddingHistory): ShownTraining {
  const unfinished = jobs.filter(({ state }) => !isFinished(state));
  if (unfinished.length > 0) return { job: shownJob(unfinished), failedTry: null };
  const withSteps = jobs.find(({ id }) => {
    const run = runOf(history, id);
    return run !== undefined && madeSteps(run);
  });
  const [newest] = jobs;
  // The job of a run may have left the list, so the runs themselves are examined too.
  const hasSteps = withSteps !== undefined || history.runs.some(madeSteps);
  const isHidden = newest !== undefined && newest !== withSteps && hasSteps;
  return {
    job: hasSteps ? (withSteps ?? null) : (newest ?? null),
    failedTry: isHidden && newest.error !== null ? newest : null,
  };
}

/** The last run that a job wrote. */
export function runOf({ runs }: EmbeddingHistory, jobId: string): HistoryRun | undefined {
  return runs.findLast(({ jobs }) => jobs.includes(jobId));
}
