/** @file Operations on many jobs of the list at once: taking all ended jobs off, and cancelling all that wait. */
import { LANES } from "@lexeme/domain/jobs";
import type { OpenedJobs } from "./open-jobs.ts";
import type { StoredJob } from "./store/job-row.ts";

/** Takes every ended job off the list; their files stay. Returns the ids. */
export async function removeEnded({ store, queue }: Pick<OpenedJobs, "store" | "queue">): Promise<string[]> {
  const ended = store.ended();
  const ids = ended.map(({ id }) => id);
  if (ids.length === 0) return ids;
  await removeFromQueue(queue, ended);
  await store.removeAll(ids);
  return ids;
}

/** Cancels every job that waits, in all lanes. `onCancelled` is called with each, also if their rows could not be written. */
export async function cancelWaiting(
  { store, queue }: Pick<OpenedJobs, "store" | "queue">,
  onCancelled: (job: StoredJob) => void,
): Promise<number> {
  const waiting = store.queued();
  if (waiting.length === 0) return 0;
  const change = { state: "cancelled", finishedAt: Date.now() } as const;
  try {
    await store.updateAll(waiting.map(({ id }) => ({ id, change })));
    await removeFromQueue(queue, waiting);
  } finally {
    for (const { id } of waiting) {
      const job = store.get(id);
      if (job !== undefined) onCancelled(job);
    }
  }
  return waiting.length;
}

async function removeFromQueue(queue: OpenedJobs["queue"], jobs: readonly StoredJob[]): Promise<void> {
  for (const lane of LANES) {
    await queue.remove(
      lane,
      jobs.filter((job) => job.lane === lane).map(({ id }) => id),
    );
  }
}
