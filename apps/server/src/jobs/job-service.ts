/** @file The operations on jobs: queue, list, stop, cancel, retry, remove; and their handling when the server starts and stops. */
import { LexemeError } from "@lexeme/core";
import { randomUUID } from "node:crypto";
import {
  JOB_KINDS,
  LANES,
  atCheckpoint,
  embeddingReplaced,
  isFinished,
  jobTitle,
  type JobRequest,
  type JobState,
  type Lane,
  type MetricPoint,
} from "@lexeme/domain/jobs";
import { isSameWord } from "@lexeme/domain/libraries";
import { toWireError, type Job } from "@lexeme/protocol";
import { explainFileError } from "../errors.ts";
import type { EventLog } from "../events/event-log.ts";
import type { Database } from "./store/database.ts";
import { removeSentFolders } from "./delivery.ts";
import { JobLostError, JobQueue } from "./job-queue.ts";
import { resumed, runStoredJob, standingOf, type RunnerParts } from "./running/job-runner.ts";
import { noteSaved, recoverJobs } from "./running/job-recovery.ts";
import { readableOptions, toJob, type JobTerms, type StoredJob } from "./store/job-row.ts";
import { decide } from "./job-state.ts";
import { JobStore } from "./store/job-store.ts";
import { toListedJob } from "./listed-job.ts";
import { MetricStore } from "./store/metric-store.ts";
import type { WorkerProcess } from "./running/worker-process.ts";

/** When the server stops, a training gets this time to finish its step and save. A full-size step takes seconds. */
const SAVE_ON_STOP_MS = 20_000;

export interface JobServiceOptions {
  openDatabase(): Promise<Database>;
  events: EventLog;
  workers: Record<Lane, WorkerProcess>;
  /** Holds the folders of jobs whose pictures are sent; emptied at the start. */
  sentFolders: string;
  workOf: RunnerParts["workOf"];
  savedBy: RunnerParts["savedBy"];
  listChanged: RunnerParts["listChanged"];
  /** Checks a request; resolves with the checkpoint's name. */
  validate(request: JobRequest): Promise<string | null>;
  /** Called with errors of the queue that an operator may want to know. */
  onError(error: unknown): void;
}

interface Opened {
  database: Database;
  store: JobStore;
  queue: JobQueue;
}

export class JobService {
  /** Rejects with the LexemeError that says why the job list cannot be opened. */
  readonly ready: Promise<void>;
  readonly #options: JobServiceOptions;
  readonly #metrics = new MetricStore();
  readonly #asked = { cancelling: new Set<string>(), interrupted: new Set<string>() };
  readonly #opening: Promise<Opened>;
  /** The end of the current job of each lane. pg-boss gives a job up after a day, but its lane stays occupied until the job has really ended. */
  readonly #lanes = new Map<Lane, Promise<unknown>>();
  readonly #waiting = new Map<string, Set<() => void>>();
  #closing = false;

  constructor(options: JobServiceOptions) {
    this.#options = options;
    this.#opening = this.#open();
    this.ready = this.#opening.then(() => undefined);
    // A later request for a job gets the reason. Until then the rejection must not count as unhandled.
    this.ready.catch(() => undefined);
  }

  /** Queues a job. The request has the settings; `terms` has the other options that this job changes. */
  async create(request: JobRequest, terms: Partial<JobTerms> = {}): Promise<Job> {
    const checkpoint = await this.#options.validate(request);
    const { store, queue, database } = await this.#opening;
    const job = newJob(request, checkpoint, terms);
    try {
      await database.orm.transaction(async (transaction) => {
        await store.insert(transaction, job);
        await queue.add(transaction, job.lane, job.id);
      });
    } catch (error) {
      store.forget(job.id);
      throw error;
    }
    const stored = store.require(job.id);
    this.#publish(stored);
    return toJob(stored);
  }

  /** The `limit` newest jobs, newest first, followed by older jobs that run. Long jobs are shortened. */
  async list(limit: number): Promise<Job[]> {
    const { store } = await this.#opening;
    return store.newest(limit).map(toListedJob);
  }

  async get(id: string): Promise<Job> {
    return toJob((await this.#opening).store.require(id));
  }

  /** Resolves with the job when it has ended, with the pictures to be sent among its results. If the server stops first, resolves with the unfinished job. */
  async ended(id: string): Promise<StoredJob> {
    const { store } = await this.#opening;
    while (!this.#closing && !isFinished(store.require(id).state)) {
      await new Promise<void>((wake) => {
        const waiting = this.#waiting.get(id) ?? new Set();
        this.#waiting.set(id, waiting.add(wake));
      });
    }
    return store.require(id);
  }

  /** The running jobs, at most one for each lane. */
  async running(): Promise<Job[]> {
    const { store } = await this.#opening;
    return store.running().map(toJob);
  }

  /** State of a job; undefined if there is no such job. */
  async stateOf(id: string): Promise<JobState | undefined> {
    const { store } = await this.#opening;
    return store.get(id)?.state;
  }

  /** Resolves when the list is open, with a function that returns the jobs of a snapshot, as in `list`. */
  async snapshot(): Promise<() => Job[]> {
    const { store } = await this.#opening;
    return () => store.newest(100).map(toListedJob);
  }

  /** True while an unfinished job will replace the embedding with this name, or with another name that is the same word. */
  async isTraining(embeddingName: string): Promise<boolean> {
    const { store } = await this.#opening;
    return store.unfinished().some(({ request }) => {
      const replaced = embeddingReplaced(request);
      return replaced !== null && isSameWord(replaced, embeddingName);
    });
  }

  /** Throws LexemeError `EMBEDDING_BUSY` while `isTraining`, because the training would continue with replaced or deleted vectors. */
  async requireIdle(embeddingName: string): Promise<void> {
    if (!(await this.isTraining(embeddingName))) return;
    throw new LexemeError("EMBEDDING_BUSY", `"${embeddingName}" is being trained: stop the training first`, {
      details: { field: "name" },
    });
  }

  /**
   * Lets the job finish its step, save and end. A txt2img job finishes its batch, except after an interrupt. Throws LexemeError
   * `JOB_NOT_RUNNING` for a finished job.
   */
  async stop(id: string, how: "stop" | "interrupt" = "stop"): Promise<Job> {
    const { store } = await this.#opening;
    const job = store.require(id);
    if (isFinished(job.state)) throw new LexemeError("JOB_NOT_RUNNING", `"${job.title}" has ended already`);
    if (decide(standingOf(job, { asked: this.#asked }), { type: "stop asked" }).state === "cancelled")
      return this.#cancelQueued(job);
    const stopping = await store.update(id, { stopping: true });
    this.#publish(stopping);
    this.#options.workers[job.lane].stop(id, how);
    return toJob(stopping);
  }

  /** Ends the current batch unfinished and continues with the next batch. Has no effect on jobs other than txt2img. */
  async skip(id: string): Promise<void> {
    const { store } = await this.#opening;
    this.#options.workers[store.require(id).lane].skip(id);
  }

  /** Frees the memory of a lane's worker, unless the worker has a job. */
  unload(lane: Lane): void {
    this.#options.workers[lane].renew();
  }

  /** Ends the job at once. A job that has ended already is returned unchanged. */
  async cancel(id: string): Promise<Job> {
    const { store } = await this.#opening;
    const job = store.require(id);
    const verdict = decide(standingOf(job, { asked: this.#asked }), { type: "cancel asked" });
    if (verdict.rule === "A4") return toJob(job);
    if (verdict.rule === "A1") return this.#cancelQueued(job);
    this.#asked.cancelling.add(id);
    this.#options.workers[job.lane].cancel(id);
    return toJob(job);
  }

  /** Queues the same settings again; a kind that saves while it runs continues from its last save. Throws LexemeError `JOB_NOT_FINISHED`. */
  async retry(id: string): Promise<Job> {
    const { store } = await this.#opening;
    const job = store.require(id);
    if (!isFinished(job.state)) throw new LexemeError("JOB_NOT_FINISHED", `"${job.title}" has not ended yet`);
    const request = job.state === "done" ? job.request : await resumed(job, this.#options.savedBy);
    const { options, checkpoint } = job;
    // The new job uses the old job's checkpoint, whichever checkpoint is chosen now.
    return this.create(checkpoint === null ? request : atCheckpoint(request, checkpoint), { options });
  }

  /** Takes a finished job off the list. Throws LexemeError `JOB_RUNNING`. */
  async remove(id: string): Promise<void> {
    const { store, queue } = await this.#opening;
    const job = store.require(id);
    if (!isFinished(job.state))
      throw new LexemeError("JOB_RUNNING", `"${job.title}" has not ended yet: cancel it first`);
    await store.remove(id);
    await queue.remove(job.lane, [id]);
    this.#forget(id);
  }

  async metrics(id: string): Promise<MetricPoint[]> {
    const { store } = await this.#opening;
    return this.#metrics.get(id, store.require(id).results);
  }

  /** Asks running jobs to save if their kind can, ends the workers, and writes the remaining changes. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const id of this.#waiting.keys()) this.#wake(id);
    const opened = await this.#opening.catch(() => undefined);
    const { workers } = this.#options;
    if (opened !== undefined) {
      const { store, queue } = opened;
      const running = store.running();
      for (const { id } of running) this.#asked.interrupted.add(id);
      await queue.close();
      const saving = running.filter(({ request }) => JOB_KINDS[request.kind].resumption !== null);
      for (const { id, lane } of saving) workers[lane].stop(id);
      await until(() => saving.every(({ id }) => store.get(id)?.state !== "running"), SAVE_ON_STOP_MS);
    }
    await Promise.all(LANES.map((lane) => workers[lane].close()));
    if (opened !== undefined) {
      const { store, database } = opened;
      await until(() => store.running().length === 0, 1000);
      await store.flush();
      await database.close();
    }
  }

  async #open(): Promise<Opened> {
    const database = await this.#options.openDatabase();
    await removeSentFolders(this.#options.sentFolders);
    const store = await JobStore.open(database, {
      onPruned: (ids) => {
        for (const jobId of ids) this.#forget(jobId);
      },
      onUnreadable: (id, reason) => this.#options.onError(new Error(`job ${id} is left out of the list: ${reason}`)),
    });
    const queue = await JobQueue.open(database, (error) => {
      if (!this.#closing) this.#options.onError(error);
    });
    const interrupted = store.running();
    await recoverJobs(store, queue, this.#asked);
    await noteSaved(interrupted, store, this.#options.savedBy);
    for (const lane of LANES) {
      await queue.work(lane, (jobId) => {
        const before = this.#lanes.get(lane) ?? Promise.resolve();
        const run = before.then(() => this.#run(jobId, { store, lane }));
        this.#lanes.set(
          lane,
          run.catch(() => undefined),
        );
        return run;
      });
    }
    return { database, store, queue };
  }

  async #run(jobId: string, { store, lane }: { store: JobStore; lane: Lane }): Promise<void> {
    if (this.#closing) return;
    const { events, workers, workOf, savedBy, listChanged, sentFolders } = this.#options;
    const parts: RunnerParts = {
      store,
      events,
      metrics: this.#metrics,
      worker: workers[lane],
      sentFolders,
      workOf,
      savedBy,
      listChanged,
      asked: this.#asked,
    };
    const isLost = await runStoredJob(jobId, parts).catch((error: unknown) => this.#giveUp(jobId, store, error));
    this.#wake(jobId);
    if (isLost) throw new JobLostError(`the worker of job ${jobId} was lost`);
  }

  /** Ends a job after an error that neither the job nor its worker caused, such as a full disk under the job list. */
  #giveUp(jobId: string, store: JobStore, error: unknown): false {
    this.#options.onError(error);
    store.note(jobId, { state: "failed", error: toWireError(explainFileError(error)), finishedAt: Date.now() });
    const job = store.get(jobId);
    if (job !== undefined) this.#publish(job);
    return false;
  }

  async #cancelQueued(job: StoredJob): Promise<Job> {
    const { store, queue } = await this.#opening;
    const cancelled = await store.update(job.id, { state: "cancelled", finishedAt: Date.now() });
    await queue.remove(job.lane, [job.id]);
    this.#publish(cancelled);
    this.#wake(job.id);
    return toJob(cancelled);
  }

  #forget(id: string): void {
    this.#metrics.remove(id);
    this.#options.events.publish({ type: "job-removed", jobId: id });
  }

  /** Wakes the callers that wait for the job, so that they check its state again. */
  #wake(id: string): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const wake of waiting ?? []) wake();
  }

  #publish(job: StoredJob): void {
    this.#options.events.publish({ type: "job", job: toJob(job) });
  }
}

function newJob(request: JobRequest, checkpoint: string | null, terms: Partial<JobTerms>): StoredJob {
  const { options = {}, delivery = "keep" } = terms;
  return {
    id: randomUUID(),
    request,
    checkpoint,
    options: readableOptions(options),
    delivery,
    lane: JOB_KINDS[request.kind].lane,
    state: "queued",
    title: jobTitle(request),
    createdAt: Date.now(),
    startedAt: null,
    finishedAt: null,
    attempt: 1,
    stopping: false,
    progress: null,
    results: { artifacts: [], warnings: [] },
    error: null,
    logTail: [],
  };
}

/** Resolves when `isSo` holds, or after `limitMs`. */
async function until(isSo: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (!isSo() && Date.now() < end) await new Promise((wake) => setTimeout(wake, 20));
}
