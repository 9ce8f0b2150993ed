/**
 * @file The rule of the lanes, until the server stops: each runs one job at a time, in the order of its queue. Only a job that pauses lets the
 * jobs that go first (`first`) run before its next step.
 */
import { canGoFirst, isFinished, type Lane } from "@lexeme/domain/jobs";
import { toWireError } from "@lexeme/protocol";
import { explainFileError } from "../../errors.ts";
import { JobLostError } from "../job-queue.ts";
import { toJob, type StoredJob } from "../store/job-row.ts";
import type { JobStore } from "../store/job-store.ts";
import { runStoredJob, type RunnerParts } from "./job-runner.ts";
import type { WorkerProcess } from "./worker-process.ts";

export interface LaneJobsParts extends Omit<RunnerParts, "store" | "worker" | "beside"> {
  workers: Record<Lane, WorkerProcess>;
  /** Called when a job's turn is over and its new state is in the list. */
  onTurnOver: (jobId: string) => void;
  onError: (error: unknown) => void;
}

export class LaneJobs {
  readonly #parts: LaneJobsParts;
  /** The end of the current job of each lane. pg-boss gives a job up after a day, but its lane stays occupied until the job has really ended. */
  readonly #lanes = new Map<Lane, Promise<unknown>>();
  /** The jobs that go before the next step of a lane's job, until the last of them has ended. */
  readonly #goingFirst = new Map<Lane, Promise<void>>();
  #closed = false;

  constructor(parts: LaneJobsParts) {
    this.#parts = parts;
  }

  /** Runs the job after the lane's current job. Throws JobLostError if the job is to be handed out again. */
  run(jobId: string, { store, lane }: { store: JobStore; lane: Lane }): Promise<void> {
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const run = before.then(async () => {
      await this.#goingFirst.get(lane);
      const turn = this.#runNow(jobId, { store, lane });
      // A job that pauses can begin before jobs that go first, if their order in the queue is another one.
      this.letFirstGo({ store, lane });
      if (await turn) throw new JobLostError(`the worker of job ${jobId} was lost`);
    });
    this.#lanes.set(
      lane,
      run.catch(() => undefined),
    );
    return run;
  }

  /** Lets the lane's first jobs go before the next step of its running job. If that job cannot pause, the queue hands them out after it. */
  letFirstGo({ store, lane }: { store: JobStore; lane: Lane }): void {
    const [next] = firstJobs(store, lane);
    const host = next && store.running().find((job) => canGoFirst(next.request, job.request));
    if (host === undefined || this.#goingFirst.has(lane)) return;
    this.#goingFirst.set(lane, this.#runFirst(host, store));
  }

  /** Starts no more jobs; the current jobs go on. */
  close(): void {
    this.#closed = true;
  }

  async #runFirst(host: StoredJob, store: JobStore): Promise<void> {
    const { id, lane } = host;
    const worker = this.#parts.workers[lane];
    try {
      await worker.hold(id);
      for (;;) {
        // The host may have been stopped, cancelled or lost meanwhile: then the queue hands out the other first jobs.
        const [next] = worker.isHolding(id) && !this.#closed ? firstJobs(store, lane) : [];
        if (next === undefined) break;
        await this.#runNow(next.id, { store, lane, beside: host.title });
      }
    } catch (error) {
      this.#parts.onError(error);
    } finally {
      // In the same turn as the last look at the list, so that no job is overlooked.
      worker.goOn(id);
      this.#goingFirst.delete(lane);
    }
  }

  /** Resolves with true if the job's worker was lost and the job must be handed out again. */
  async #runNow(jobId: string, place: { store: JobStore; lane: Lane; beside?: string }): Promise<boolean> {
    if (this.#closed) return false;
    const { store, lane, beside } = place;
    const { workers, onTurnOver } = this.#parts;
    const parts: RunnerParts = { ...this.#parts, store, worker: workers[lane], beside };
    const isLost = await runStoredJob(jobId, parts).catch((error: unknown) => this.#giveUp(jobId, store, error));
    // A job that failed before it reached the worker has not answered a request to wait.
    workers[lane].goOn(jobId);
    onTurnOver(jobId);
    return isLost;
  }

  /** Ends a job after an error that neither the job nor its worker caused, such as a full disk under the job list. */
  #giveUp(jobId: string, store: JobStore, error: unknown): false {
    const { events, onError } = this.#parts;
    onError(error);
    const ended = store.get(jobId);
    // The job itself has ended and only its row was not written: its own result or reason stays.
    if (ended !== undefined && isFinished(ended.state)) {
      events.publish({ type: "job", job: toJob(ended) });
      return false;
    }
    const change = { state: "failed", error: toWireError(explainFileError(error)), finishedAt: Date.now() } as const;
    const job = store.note(jobId, change);
    if (job !== undefined) events.publish({ type: "job", job: toJob(job) });
    return false;
  }
}

/** The lane's waiting jobs that go before the next step of its running job. */
function firstJobs(store: JobStore, lane: Lane): StoredJob[] {
  return store.unfinished().filter((job) => job.state === "queued" && job.first && job.lane === lane);
}
