/** @file Runs the jobs that the lanes hand out: one at a time in each lane, until the server stops. */
import type { Lane } from "@lexeme/domain/jobs";
import { toWireError } from "@lexeme/protocol";
import { explainFileError } from "../../errors.ts";
import { JobLostError } from "../job-queue.ts";
import { toJob } from "../store/job-row.ts";
import type { JobStore } from "../store/job-store.ts";
import { runStoredJob, type RunnerParts } from "./job-runner.ts";
import type { WorkerProcess } from "./worker-process.ts";

export interface LaneJobsParts extends Omit<RunnerParts, "store" | "worker"> {
  workers: Record<Lane, WorkerProcess>;
  /** Called when a job's turn is over and its new state is in the list. */
  onTurnOver: (jobId: string) => void;
  onError: (error: unknown) => void;
}

export class LaneJobs {
  readonly #parts: LaneJobsParts;
  /** The end of the current job of each lane. pg-boss gives a job up after a day, but its lane stays occupied until the job has really ended. */
  readonly #lanes = new Map<Lane, Promise<unknown>>();
  #closed = false;

  constructor(parts: LaneJobsParts) {
    this.#parts = parts;
  }

  /** Runs the job after the lane's current job. Throws JobLostError if the job is to be handed out again. */
  run(jobId: string, { store, lane }: { store: JobStore; lane: Lane }): Promise<void> {
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const run = before.then(() => this.#runNow(jobId, { store, lane }));
    this.#lanes.set(
      lane,
      run.catch(() => undefined),
    );
    return run;
  }

  /** Starts no more jobs; the current jobs go on. */
  close(): void {
    this.#closed = true;
  }

  async #runNow(jobId: string, { store, lane }: { store: JobStore; lane: Lane }): Promise<void> {
    if (this.#closed) return;
    const { workers, onTurnOver } = this.#parts;
    const parts: RunnerParts = { ...this.#parts, store, worker: workers[lane] };
    const isLost = await runStoredJob(jobId, parts).catch((error: unknown) => this.#giveUp(jobId, store, error));
    onTurnOver(jobId);
    if (isLost) throw new JobLostError(`the worker of job ${jobId} was lost`);
  }

  /** Ends a job after an error that neither the job nor its worker caused, such as a full disk under the job list. */
  #giveUp(jobId: string, store: JobStore, error: unknown): false {
    const { events, onError } = this.#parts;
    onError(error);
    const change = { state: "failed", error: toWireError(explainFileError(error)), finishedAt: Date.now() } as const;
    const job = store.note(jobId, change);
    if (job !== undefined) events.publish({ type: "job", job: toJob(job) });
    return false;
  }
}
