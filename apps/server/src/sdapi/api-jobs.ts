/** @file The jobs that programs started: finds them by A1111's task id, stops them, and chooses the job for a request that names none. */
import { LexemeError } from "@lexeme/core";
import { isFinished, type JobRequest, type JobState } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";

import type { EventLog } from "../events/event-log.ts";
import type { JobService } from "../jobs/job-service.ts";
import type { JobTerms } from "../jobs/store/job-row.ts";

/** The number of ended tasks that are remembered, as in A1111. */
const MAX_ENDED_TASKS = 16;

/** The job for a request. */
export interface JobOrder extends Partial<JobTerms> {
  request: JobRequest;
  /** A1111's id of the task, if the program chose one. */
  taskId?: string | undefined;
}

interface Task {
  taskId: string;
  jobId: string;
}

export class ApiJobs {
  readonly #jobs: JobService;
  /** In the order in which they were started. */
  #tasks: Task[] = [];
  /** The newest live preview of each running job, as a data URL. */
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

  /** Queues a job. Throws the errors of the job's validation. */
  async begin({ request, taskId, ...terms }: JobOrder): Promise<Job> {
    const job = await this.#jobs.create(request, terms);
    this.#tasks.push({ taskId: taskId || `task(${request.kind}-${job.id})`, jobId: job.id });
    await this.#forgetOldTasks();
    return job;
  }

  previewOf(jobId: string): string | undefined {
    return this.#previews.get(jobId);
  }

  /**
   * The job that a program means without naming one. A1111 runs one job at a time. Here it is the program's own running job, otherwise the
   * job of the device, otherwise the job that preprocesses pictures. A job that waits between two steps comes after the job that it waits for.
   */
  async current(): Promise<Job | undefined> {
    const running = await this.#jobs.running();
    const own = running.filter(({ id }) => this.#isOwn(id));
    const byLane = [...own, ...running].toSorted((a, b) => rank(a, own) - rank(b, own));
    return byLane[0];
  }

  /** The job of the task with that id; undefined if there is no such task. */
  async task(taskId: string): Promise<Job | undefined> {
    const task = this.#tasks.findLast((one) => one.taskId === taskId);
    return task && (await this.#jobs.get(task.jobId).catch(passIfEnded));
  }

  /** Ids of the queued tasks. */
  async waitingTasks(): Promise<string[]> {
    const waiting = await this.#tasksThat((state) => state === "queued");
    return waiting.map(({ taskId }) => taskId);
  }

  /**
   * A1111's interrupt: ends the picture after this step, or saves and ends the training. If the program's own job still waits, the interrupt ends
   * that job and not the running job of somebody else.
   */
  async interrupt(): Promise<void> {
    const current = await this.current();
    const [waiting] = await this.#tasksThat((state) => state === "queued");
    const isOwn = current !== undefined && this.#isOwn(current.id);
    const meant = isOwn ? current.id : (waiting?.jobId ?? current?.id);
    if (meant !== undefined) await this.#jobs.stop(meant, "interrupt").catch(passIfEnded);
  }

  /** A1111's skip: the current batch ends after this step, and the next batch begins. */
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
    const ended = await this.#tasksThat((state) => state === undefined || isFinished(state));
    const forgotten = new Set(ended.slice(0, -MAX_ENDED_TASKS));
    this.#tasks = this.#tasks.filter((task) => !forgotten.has(task));
  }

  async #tasksThat(isMeant: (state: JobState | undefined) => boolean): Promise<Task[]> {
    const tasks = this.#tasks;
    const states = await Promise.all(tasks.map(({ jobId }) => this.#jobs.stateOf(jobId)));
    return tasks.filter((_, i) => isMeant(states[i]));
  }
}

function rank(job: Job, own: readonly Job[]): number {
  const [isForeign, isElsewhere, isWaiting] = [
    !own.includes(job),
    job.lane !== "device",
    job.progress?.phase === "giving-way",
  ];
  return Number(isForeign) * 4 + Number(isElsewhere) * 2 + Number(isWaiting);
}

/** Ignores the error about a job that has ended or has left the list, because the program wants it to end. Throws any other error again. */
function passIfEnded(error: unknown): undefined {
  if (error instanceof LexemeError && (error.code === "JOB_NOT_RUNNING" || error.code === "JOB_MISSING"))
    return undefined;
  throw error;
}
