/** @file Jobs that programs began: waited for, found again by A1111's task id, stopped; and which job a program means that names none. */
import { LexemeError } from "@lexeme/core";
import { randomUUID } from "node:crypto";
import { isFinished, type JobContext, type JobRequest } from "@lexeme/domain/jobs";
import { fromWireError, type Job } from "@lexeme/protocol";

import type { EventLog } from "../events/event-log.ts";
import type { JobService } from "../jobs/job-service.ts";

/** A1111 remembers as many tasks that have ended. */
const MAX_ENDED_TASKS = 16;

export interface ApiJobOptions {
  /** A1111's task id: the program's own, or one is made. */
  taskId?: string | undefined;
  id?: string;
  context?: Partial<JobContext>;
  unsavedFolder?: string | undefined;
}

interface Task {
  taskId: string;
  jobId: string;
}

export class ApiJobs {
  readonly #jobs: JobService;
  /** In the order they were begun. */
  readonly #tasks: Task[] = [];
  /** The newest live preview of each job that runs, as a data URL. */
  readonly #previews = new Map<string, string>();
  readonly #unlisten: () => void;

  constructor(jobs: JobService, events: EventLog) {
    this.#jobs = jobs;
    this.#unlisten = events.listen((batch) => {
      for (const { event } of batch) {
        if (event.type === "preview") this.#previews.set(event.jobId, event.dataUrl);
        if (event.type === "job" && isFinished(event.job.state)) this.#previews.delete(event.job.id);
      }
    });
  }

  /** Queues a job; `ended` waits for it. Throws what validation throws. */
  async begin(request: JobRequest, { taskId, id = randomUUID(), ...special }: ApiJobOptions = {}): Promise<Job> {
    const job = await this.#jobs.create(request, { id, ...special });
    this.#tasks.push({ taskId: taskId || `task(${request.kind}-${id})`, jobId: id });
    await this.#forgetOldTasks();
    return job;
  }

  /** Throws LexemeError `INTERRUPTED` when the server stops first. */
  async ended(id: string): Promise<Job> {
    const job = await this.#jobs.ended(id);
    if (!isFinished(job.state)) throw new LexemeError("INTERRUPTED", "Lexeme is being stopped: ask again when it runs");
    return job;
  }

  previewOf(jobId: string): string | undefined {
    return this.#previews.get(jobId);
  }

  /**
   * The job that a program means without naming one. A1111 does one thing at a time; here it is the program's own that runs, else what the
   * device does, else what is being preprocessed.
   */
  async current(): Promise<Job | undefined> {
    const running = (await this.#jobs.unfinished()).filter(({ state }) => state === "running");
    const own = running.filter(({ id }) => this.#isOwn(id));
    const byLane = [...own, ...running].toSorted((a, b) => rank(a, own) - rank(b, own));
    return byLane[0];
  }

  /** Unfinished task of that id, with its job; undefined when no such task was begun. */
  async task(taskId: string): Promise<Job | undefined> {
    const task = this.#tasks.findLast((one) => one.taskId === taskId);
    return task && (await this.#jobs.get(task.jobId).catch(() => undefined));
  }

  /** Ids of tasks that wait for their turn. */
  async waitingTasks(): Promise<string[]> {
    const unfinished = await this.#jobs.unfinished();
    const queued = new Set(unfinished.flatMap(({ id, state }) => (state === "queued" ? [id] : [])));
    return this.#tasks.filter(({ jobId }) => queued.has(jobId)).map(({ taskId }) => taskId);
  }

  /**
   * A1111's interrupt: end the picture after this step, or save the training, and end. A program whose own job still waits means that one, not the
   * one that somebody else has running before it.
   */
  async interrupt(): Promise<void> {
    const unfinished = await this.#jobs.unfinished();
    const own = unfinished.filter(({ id }) => this.#isOwn(id));
    const meant = own.find(({ state }) => state === "running") ?? own[0] ?? (await this.current());
    // Ended in this very moment: as it was wished.
    if (meant !== undefined) await this.#jobs.stop(meant.id, "interrupt").catch(() => undefined);
  }

  /** A1111's skip: the batch that is drawn ends after this step, and the next begins. */
  async skip(): Promise<void> {
    const job = await this.current();
    if (job !== undefined) await this.#jobs.skip(job.id);
  }

  close(): void {
    this.#unlisten();
  }

  #isOwn(id: string): boolean {
    return this.#tasks.some(({ jobId }) => jobId === id);
  }

  async #forgetOldTasks(): Promise<void> {
    const unfinished = new Set((await this.#jobs.unfinished()).map(({ id }) => id));
    const ended = this.#tasks.filter(({ jobId }) => !unfinished.has(jobId));
    for (const { jobId } of ended.slice(0, -MAX_ENDED_TASKS)) {
      this.#tasks.splice(
        this.#tasks.findIndex((one) => one.jobId === jobId),
        1,
      );
    }
  }
}

/** Throws the error of a job that failed, and LexemeError `JOB_NOT_RUNNING` for one that was cancelled. */
export function requireDone({ state, error, title }: Job): void {
  if (state === "done") return;
  if (error !== null) throw fromWireError(error);
  throw new LexemeError("JOB_NOT_RUNNING", `"${title}" was cancelled`);
}

function rank(job: Job, own: readonly Job[]): number {
  return (own.includes(job) ? 0 : 2) + (job.lane === "device" ? 0 : 1);
}
