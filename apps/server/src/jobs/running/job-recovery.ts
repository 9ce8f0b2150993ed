/** @file Decides what happens to the unfinished jobs of the last server, by the rules of "Losing the server". */
import { isFinished, LANES } from "@lexeme/domain/jobs";
import type { JobQueue } from "../job-queue.ts";
import { standingOf, withLastSave, type RunnerParts } from "./job-runner.ts";
import { decide } from "../job-state.ts";
import type { JobStore } from "../store/job-store.ts";

/**
 * Adds to each running job of the last server what it could not report: its last save, so that the job continues from there, and its last step. Comes before
 * the decision about the jobs, which tells the user what is saved.
 */
export async function noteUnreported(
  store: JobStore,
  { savedBy, reachedBy }: Pick<RunnerParts, "savedBy" | "reachedBy">,
): Promise<void> {
  for (const job of store.running()) {
    const { id, progress } = job;
    store.note(id, { results: await withLastSave(job, savedBy) });
    const reached = await reachedBy(job).catch(() => undefined);
    if (progress !== null && reached !== undefined && reached > progress.step)
      store.note(id, { progress: { ...progress, step: reached } });
  }
}

/** Decides on every unfinished job, running jobs first, and changes the queue to match. */
export async function recoverJobs(store: JobStore, queue: JobQueue, asked: RunnerParts["asked"]): Promise<void> {
  const left = store.unfinished();
  const running = new Set(left.flatMap(({ id, state }) => (state === "running" ? [id] : [])));
  const verdicts = left.map((job) => ({
    job,
    verdict: decide(standingOf(job, { asked }), { type: "server was killed" }),
  }));
  // A job that ran comes before all that wait, wherever these were moved.
  const first = Math.min(0, ...left.map(({ position }) => position)) - running.size;
  await store.updateAll(
    verdicts
      .filter(({ job, verdict }) => running.has(job.id) || verdict.state !== job.state)
      .map(({ job: { id }, verdict: { state, attempt, error = null } }, place) => ({
        id,
        change: {
          state,
          attempt,
          error,
          stopping: false,
          finishedAt: isFinished(state) ? Date.now() : null,
          ...(running.has(id) && { position: first + place }),
        },
      })),
  );
  for (const lane of LANES) {
    const ofLane = verdicts.filter(({ job }) => job.lane === lane);
    const ended = ofLane.filter(({ verdict }) => isFinished(verdict.state));
    await queue.remove(
      lane,
      ended.map(({ job }) => job.id),
    );
    const waiting = await queue.waiting(lane);
    const again = ofLane.filter(
      ({ job, verdict }) => !isFinished(verdict.state) && (running.has(job.id) || !waiting.has(job.id)),
    );
    await queue.addAgain(
      lane,
      again.map(({ job }) => job.id),
    );
    await queue.arrange(
      lane,
      store.queued().filter((job) => job.lane === lane),
    );
  }
}
