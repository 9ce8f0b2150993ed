/** @file The operations on jobs: queue, list, stop, cancel, retry, remove; and their handling when the server starts and stops. */
import { LexemeError } from "@lexeme/core";
import {
  JOB_KINDS,
  LANES,
  atCheckpoint,
  embeddingReplaced,
  isDrawnPicture,
  isFinished,
  type JobRequest,
  type JobState,
  type Lane,
  type MetricPoint,
} from "@lexeme/domain/jobs";
import { isSameWord } from "@lexeme/domain/libraries";
import type { Job } from "@lexeme/protocol";
import type { EventLog } from "../events/event-log.ts";
import type { Database } from "./store/database.ts";
import { newJob, type NewJobTerms } from "./new-job.ts";
import { LastingOpening } from "./lasting-opening.ts";
import { openJobs, type OpenedJobs } from "./open-jobs.ts";
import { resumed, standingOf, type RunnerParts } from "./running/job-runner.ts";
import { LaneJobs } from "./running/lane-jobs.ts";
import { toJob, type StoredJob } from "./store/job-row.ts";
import { cancelWaiting, removeEnded } from "./job-cleanup.ts";
import { decide } from "./job-state.ts";
import { JobWaiters } from "./job-waiters.ts";
import { toListedJobs } from "./listed-job.ts";
import { MetricStore } from "./store/metric-store.ts";
import { positionsAfterMove } from "./waiting-order.ts";
import type { WorkerProcess } from "./running/worker-process.ts";

/** When the server stops, a training gets this time to finish its step and save. A full-size step takes seconds. */
const SAVE_ON_STOP_MS = 20_000;

/** Five hundred jobs in all: a list of a million characters has room for about so many, even if every job is long. */
const IN_SNAPSHOT = { newest: 100, next: 400 };

/** The jobs of the first message to a page. */
export interface Snapshot {
  jobs: Job[];
  /** The number of waiting jobs that are not among `jobs`. */
  unlisted: number;
}

export interface JobServiceOptions {
  openDatabase: () => Promise<Database>;
  /** Jobs store paths inside this folder relative to it. */
  dataDir: string;
  events: EventLog;
  workers: Record<Lane, WorkerProcess>;
  /** Holds the folders of jobs whose pictures are sent; emptied at the start. */
  sentFolders: string;
  workOf: RunnerParts["workOf"];
  savedBy: RunnerParts["savedBy"];
  reachedBy: RunnerParts["reachedBy"];
  listChanged: RunnerParts["listChanged"];
  /** Checks a request; resolves with the checkpoint's name. */
  validate(request: JobRequest): Promise<string | null>;
  /** Called with errors of the queue that an operator may want to know. */
  onError: (error: unknown) => void;
}

export class JobService {
  /** Rejects with the LexemeError that says why the job list can never be opened; a full disk and a read-only folder only delay it. */
  readonly ready: Promise<void>;
  readonly #options: JobServiceOptions;
  readonly #metrics = new MetricStore();
  readonly #asked = { cancelling: new Set<string>(), interrupted: new Set<string>() };
  readonly #openings: LastingOpening<OpenedJobs>;
  readonly #lanes: LaneJobs;
  readonly #waiters = new JobWaiters();
  #closing = false;

  constructor(options: JobServiceOptions) {
    this.#options = options;
    const { openDatabase, dataDir, sentFolders, savedBy, reachedBy, onError } = options;
    this.#lanes = new LaneJobs({
      ...options,
      metrics: this.#metrics,
      asked: this.#asked,
      onTurnOver: (id) => this.#waiters.wake(id),
    });
    const open = () =>
      openJobs({
        openDatabase,
        dataDir,
        sentFolders,
        savedBy,
        reachedBy,
        asked: this.#asked,
        run: (jobId, place) => this.#lanes.run(jobId, place),
        onPruned: (ids) => {
          for (const id of ids) this.#forget(id);
        },
        // A closed queue reports its lost connection as an error.
        onError: (error) => {
          if (!this.#closing) onError(error);
        },
      });
    this.#openings = new LastingOpening({
      open,
      // Pages that are open got an empty list.
      onLate: ({ store }) => {
        for (const job of toListedJobs(store.listed(IN_SNAPSHOT))) options.events.publish({ type: "job", job });
      },
    });
    this.ready = this.#openings.ready;
  }

  get #opening(): Promise<OpenedJobs> {
    return this.#openings.current;
  }

  /** Queues a job. The request has the settings; `terms` has the other options that this job changes. */
  async create(request: JobRequest, terms: NewJobTerms = {}): Promise<Job> {
    const checkpoint = await this.#options.validate(request);
    const { store, queue, database } = await this.#opening;
    const job = { ...newJob(request, checkpoint, terms), position: store.nextPosition };
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

  /** The `limit` newest jobs, newest first, followed by older running jobs and the `limit` jobs that come next. Long jobs are shortened. */
  async list(limit: number): Promise<Job[]> {
    const { store } = await this.#opening;
    return toListedJobs(store.listed({ newest: limit, next: limit }));
  }

  async get(id: string): Promise<Job> {
    return toJob((await this.#opening).store.require(id));
  }

  /** Resolves with the job when it has ended, with the pictures to be sent among its results. If the server stops first, resolves with the unfinished job. */
  async ended(id: string): Promise<StoredJob> {
    const { store } = await this.#opening;
    while (!this.#closing && !isFinished(store.require(id).state)) await this.#waiters.next(id);
    return store.require(id);
  }

  /** The running jobs: at most one for each lane, besides a job that waits while that one goes before its next step. */
  async running(): Promise<Job[]> {
    const opened = await this.#openings.openedIfRoom();
    return (opened?.store.running() ?? []).map(toJob);
  }

  /** State of a job; undefined if there is no such job. */
  async stateOf(id: string): Promise<JobState | undefined> {
    const { store } = await this.#opening;
    return store.get(id)?.state;
  }

  /**
   * Resolves when the list is open, with a function that returns the jobs of a snapshot as in `list`, and how many more jobs wait. While the disk
   * is too full to open the list, the snapshot is empty, and the jobs follow as events.
   */
  async snapshot(): Promise<() => Snapshot> {
    const opened = await this.#openings.openedIfRoom();
    if (opened === undefined) return () => ({ jobs: [], unlisted: 0 });
    const { store } = opened;
    return () => {
      const listed = store.listed(IN_SNAPSHOT);
      const waiting = listed.filter(({ state }) => state === "queued").length;
      return { jobs: toListedJobs(listed), unlisted: store.waitingCount - waiting };
    };
  }

  /** True while an unfinished job will replace the embedding with this name, or with another name that is the same word. */
  async isTraining(embeddingName: string): Promise<boolean> {
    // Nothing runs before the list is open.
    const opened = await this.#openings.openedIfRoom();
    return (opened?.store.unfinished() ?? []).some(({ request }) => {
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
    // The worker is told at once, without waiting for the row: a full disk must not keep a training from saving.
    this.#options.workers[job.lane].stop(id, how);
    const stopping = store.note(id, { stopping: true }) ?? job;
    this.#publish(stopping);
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

  /**
   * Puts a waiting job before all other jobs of its lane, also before the next step of a running job that can pause. A job that runs already is
   * returned unchanged. Throws LexemeError `JOB_NOT_RUNNING` for a finished job, and `JOB_CANNOT_GO_FIRST` for a kind that pauses itself.
   */
  async goFirst(id: string): Promise<Job> {
    const { store } = await this.#opening;
    const job = store.require(id);
    const { state, lane, title, request } = job;
    if (isFinished(state)) throw new LexemeError("JOB_NOT_RUNNING", `"${title}" has ended already`);
    if (JOB_KINDS[request.kind].pauses)
      throw new LexemeError("JOB_CANNOT_GO_FIRST", `"${title}" takes long, so it cannot go between two steps of a job`);
    if (state === "running") return toJob(job);
    const next = store.queued().find((one) => one.lane === lane && one.id !== id && !one.first);
    const first = await this.#place(id, next?.id ?? null, { first: true, error: null });
    this.#lanes.letFirstGo({ store, lane });
    return toJob(first);
  }

  /**
   * Queues the same settings again. A kind that saves while it runs continues from its last save; of a job that failed, the drawn pictures are
   * kept. Throws LexemeError `JOB_NOT_FINISHED`.
   */
  async retry(id: string): Promise<Job> {
    const { store } = await this.#opening;
    const job = store.require(id);
    if (!isFinished(job.state)) throw new LexemeError("JOB_NOT_FINISHED", `"${job.title}" has not ended yet`);
    const request = job.state === "done" ? job.request : await resumed(job, this.#options.savedBy);
    const { options, checkpoint } = job;
    const drawn = job.state === "failed" ? job.results.artifacts.filter(isDrawnPicture) : [];
    // The new job uses the old job's checkpoint, whichever checkpoint is chosen now.
    return this.create(checkpoint === null ? request : atCheckpoint(request, checkpoint), { options, drawn });
  }

  /** Takes a finished job off the list. Throws LexemeError `JOB_RUNNING`. */
  async remove(id: string): Promise<void> {
    const { store, queue } = await this.#opening;
    const job = store.require(id);
    if (!isFinished(job.state))
      throw new LexemeError("JOB_RUNNING", `"${job.title}" has not ended yet: cancel it first`);
    await queue.remove(job.lane, [id]);
    await store.removeAll([id]);
    this.#forget(id);
  }

  /** Takes all ended jobs off the list; returns their number. */
  async clear(): Promise<number> {
    const removed = await removeEnded(await this.#opening);
    for (const id of removed) this.#forget(id);
    return removed.length;
  }

  /**
   * Moves a waiting job before the waiting job with the id `before`, or after all others if it is null. If that job has started meanwhile, the
   * moved job comes next. Throws LexemeError `JOB_NOT_WAITING`.
   */
  async move(id: string, before: string | null): Promise<Job> {
    const { store } = await this.#opening;
    const { state, title } = store.require(id);
    if (state !== "queued")
      throw new LexemeError("JOB_NOT_WAITING", `"${title}" does not wait any more: only a waiting job can be moved`);
    if (before !== null) store.require(before);
    if (id === before) return toJob(store.require(id));
    // Where the user puts a job counts, whether it was to go first before or not.
    return toJob(await this.#place(id, before, { first: false }));
  }

  /** Cancels all jobs that wait; returns their number. */
  async cancelWaiting(): Promise<number> {
    return cancelWaiting(await this.#opening, (job) => {
      this.#publish(job);
      this.#waiters.wake(job.id);
    });
  }

  async metrics(id: string): Promise<MetricPoint[]> {
    const { store } = await this.#opening;
    return this.#metrics.get(id, store.require(id).results);
  }

  /** Asks running jobs to save if their kind can, ends the workers, and writes the remaining changes. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#lanes.close();
    this.#waiters.wakeAll();
    const opened = await this.#openings.close();
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
      await store.flush().catch(this.#options.onError);
      await database.close();
    }
  }

  /** Cancels a job that waits. If the row cannot be written, the job stays cancelled in the list, so that its lane passes over it. */
  async #cancelQueued(job: StoredJob): Promise<Job> {
    const { store, queue } = await this.#opening;
    try {
      const cancelled = await store.update(job.id, { state: "cancelled", finishedAt: Date.now() });
      await queue.remove(job.lane, [job.id]);
      return toJob(cancelled);
    } finally {
      const cancelled = store.get(job.id);
      if (cancelled !== undefined) this.#publish(cancelled);
      this.#waiters.wake(job.id);
    }
  }

  /** Puts a waiting job before another, or to the end, in the list and in the queue, and changes it. */
  async #place(id: string, before: string | null, change: Partial<StoredJob>): Promise<StoredJob> {
    const { store, queue } = await this.#opening;
    const positions = positionsAfterMove(store.queued(), { id, before });
    const others = positions.filter((one) => one.id !== id);
    const position = positions.find((one) => one.id === id)?.position ?? store.require(id).position;
    const placed = await store.updateAll([
      { id, change: { ...change, position } },
      ...others.map((one) => ({ id: one.id, change: { position: one.position } })),
    ]);
    for (const one of placed) this.#publish(one);
    const { lane } = store.require(id);
    await queue.arrange(
      lane,
      store.queued().filter((one) => one.lane === lane),
    );
    return store.require(id);
  }

  #forget(id: string): void {
    this.#metrics.remove(id);
    this.#options.events.publish({ type: "job-removed", jobId: id });
  }

  #publish(job: StoredJob): void {
    this.#options.events.publish({ type: "job", job: toJob(job) });
  }
}

/** Resolves when `isSo` holds, or after `limitMs`. */
async function until(isSo: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!isSo() && performance.now() < end) await new Promise((wake) => setTimeout(wake, 20));
}
