/** @file The order of waiting jobs, as the server runs them. */
import type { Job } from "@lexeme/protocol";

/** The waiting jobs, the one that comes next first. */
export function waitingInOrder(jobs: readonly Job[]): Job[] {
  return jobs
    .filter(({ state }) => state === "queued")
    .sort((a, b) => a.position - b.position || a.createdAt - b.createdAt);
}

/** The place between two neighbours, shown until the server tells the true one. */
export function positionBetween(previous: Job | undefined, next: Job | undefined): number {
  if (previous === undefined) return (next?.position ?? 0) - 1;
  return next === undefined ? previous.position + 1 : (previous.position + next.position) / 2;
}
