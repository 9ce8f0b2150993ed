/** @file A route of A1111's API whose work is one job of Lexeme: turns the request into that job, and the ended job into the answer. */
import { mkdir, rm } from "node:fs/promises";
import { LexemeError } from "@lexeme/core";
import { isFinished } from "@lexeme/domain/jobs";
import { fromWireError } from "@lexeme/protocol";

import type { DataFolders } from "../data-folder.ts";
import { sentFolder } from "../jobs/delivery.ts";
import type { JobService } from "../jobs/job-service.ts";
import type { StoredJob } from "../jobs/store/job-row.ts";
import type { ApiJobs, JobOrder } from "./api-jobs.ts";

export interface JobAdapter<Body, Order extends JobOrder = JobOrder> {
  /** Throws a LexemeError for a request that cannot become a job. */
  toJobRequest(body: Body): Promise<Order>;
  /** The answer for a job that is done. Its pictures stay on the disk until the answer is made. */
  answer(job: StoredJob, order: Order, body: Body): Promise<unknown>;
}

interface Asked<Body> {
  body: Body;
  /** Aborted when the program hangs up. */
  gone: AbortSignal;
}

export class AdaptedJobs {
  readonly #jobs: JobService;
  readonly #apiJobs: ApiJobs;
  readonly #sentFolders: string;

  constructor({ jobs, folders }: { jobs: JobService; folders: Pick<DataFolders, "sent"> }, apiJobs: ApiJobs) {
    this.#jobs = jobs;
    this.#apiJobs = apiJobs;
    this.#sentFolders = folders.sent;
  }

  /** Queues the job, waits for it and answers. Throws the job's error if it failed, and LexemeError `JOB_NOT_RUNNING` if it was cancelled. */
  async run<Body, Order extends JobOrder>(
    adapter: JobAdapter<Body, Order>,
    { body, gone }: Asked<Body>,
  ): Promise<unknown> {
    const order = await adapter.toJobRequest(body);
    const { id } = await this.#apiJobs.begin(order);
    const folder = sentFolder(this.#sentFolders, id);
    if (order.delivery === "send") await this.#endWhenGone(id, { folder, gone });
    const job = await this.#jobs.ended(id);
    // The next server removes the folder, because a worker may still be writing into it.
    if (!isFinished(job.state))
      throw new LexemeError("INTERRUPTED", "Lexeme is being stopped: ask again when it runs again");
    try {
      requireDone(job);
      return await adapter.answer(job, order, body);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Cancels the job when the program hangs up, because only this program would see its pictures. A job that keeps its pictures runs to its end, as in A1111. */
  async #endWhenGone(id: string, { folder, gone }: { folder: string; gone: AbortSignal }): Promise<void> {
    await mkdir(folder, { recursive: true });
    const cancel = (): void => void this.#jobs.cancel(id).catch(() => undefined);
    gone.addEventListener("abort", cancel);
    if (gone.aborted) cancel();
  }
}

function requireDone({ state, error, title }: StoredJob): void {
  if (state === "done") return;
  if (error !== null) throw fromWireError(error);
  throw new LexemeError("JOB_NOT_RUNNING", `"${title}" was cancelled`);
}
