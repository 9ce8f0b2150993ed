/** @file The part of a history that belongs to the embedding that has the name now, and the part of earlier embeddings with this name. */
import { isFinished, savedStep } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, Job } from "@lexeme/protocol";

export function splitHistory(history: EmbeddingHistory): { own: EmbeddingHistory; earlier: EmbeddingHistory } {
  const part = (isEarlier: boolean): EmbeddingHistory => ({
    ...history,
    runs: history.runs.filter((run) => run.isEarlier === isEarlier),
  });
  return { own: part(false), earlier: part(true) };
}

/**
 * The jobs without those that trained another embedding with the name. A finished job whose run is not in the history trained a file that was renamed
 * since, if it saved a step; if it saved none, its time decides.
 */
export function ownJobs({ runs, ownSince }: EmbeddingHistory, jobs: readonly Job[]): Job[] {
  const isEarlier = new Map(runs.flatMap((run) => run.jobs.map((id) => [id, run.isEarlier] as const)));
  const isOfOthers = ({ request, results, finishedAt }: Job) =>
    savedStep(request, results) > 0 || (finishedAt ?? 0) < ownSince;
  return jobs.filter((job) => !isFinished(job.state) || !(isEarlier.get(job.id) ?? isOfOthers(job)));
}
