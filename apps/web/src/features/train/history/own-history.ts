/** @file The part of a history that belongs to the embedding that has the name now, and the part of earlier embeddings with this name. */
import { isFinished } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, Job } from "@lexeme/protocol";

export function splitHistory(history: EmbeddingHistory): { own: EmbeddingHistory; earlier: EmbeddingHistory } {
  const part = (isEarlier: boolean): EmbeddingHistory => ({
    ...history,
    runs: history.runs.filter((run) => run.isEarlier === isEarlier),
  });
  return { own: part(false), earlier: part(true) };
}

/** The jobs without those that trained an earlier embedding with the name. */
export function ownJobs({ runs, ownSince }: EmbeddingHistory, jobs: readonly Job[]): Job[] {
  const earlier = new Map(runs.flatMap((run) => run.jobs.map((id) => [id, run.isEarlier] as const)));
  return jobs.filter(
    ({ id, state, finishedAt }) => !isFinished(state) || !(earlier.get(id) ?? (finishedAt ?? 0) < ownSince),
  );
}
