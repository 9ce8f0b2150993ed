/** @file The queues, one for each lane, kept by pg-boss: hand-over in the order of the job list, and the second attempt of a job whose worker was lost. */
import { LANES, type Lane } from "@lexeme/domain/jobs";
import { sql } from "drizzle-orm";
import { fromDrizzle, fromPglite, PgBoss } from "pg-boss";
import type { Database } from "./store/database.ts";
import type { StoredJob } from "./store/job-row.ts";
import { MAX_ATTEMPTS } from "./job-state.ts";

/** The longest time that pg-boss allows. A longer training continues: its lane stays occupied, and the job is ignored when pg-boss hands it out again (S3). */
const EXPIRE_SECONDS = 24 * 3600;
const HEARTBEAT_SECONDS = 60;
/** Notifications bring a new job within milliseconds; the poll finds retries. */
const POLL_SECONDS = 1;

/** The most jobs that pg-boss returns at once. Waiting jobs beyond this number are queued again, which does no harm. */
const MAX_FOUND = 100_000;

/** Above the priority of any job that does not go first. */
const FIRST = 1_000_000;

/** A lane's handler throws this error so that the same job is handed out again. */
export class JobLostError extends Error {}

type Transaction = Parameters<Parameters<Database["orm"]["transaction"]>[0]>[0];

export class JobQueue {
  readonly #boss: PgBoss;
  readonly #database: Database;

  private constructor(boss: PgBoss, database: Database) {
    this.#boss = boss;
    this.#database = database;
  }

  static async open(database: Database, onError: (error: Error) => void): Promise<JobQueue> {
    const boss = new PgBoss({
      db: fromPglite(database.pglite),
      backend: "pglite",
      useListenNotify: true,
      schedule: false,
      registerInstance: false,
      superviseIntervalSeconds: 30,
    });
    boss.on("error", onError);
    await boss.start();
    for (const lane of LANES) {
      await boss.createQueue(lane, {
        retryLimit: MAX_ATTEMPTS - 1,
        expireInSeconds: EXPIRE_SECONDS,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        notify: true,
      });
    }
    return new JobQueue(boss, database);
  }

  /** Queues a job within the transaction that writes its row, so that either both exist or neither. */
  async add(transaction: Transaction, lane: Lane, jobId: string): Promise<void> {
    await this.#boss.send(lane, {}, { id: jobId, db: fromDrizzle(transaction, sql) });
  }

  /** Queues jobs again; `arrange` puts them in order. Earlier entries of these jobs are deleted. */
  async addAgain(lane: Lane, jobIds: string[]): Promise<void> {
    if (jobIds.length === 0) return;
    await this.#boss.deleteJob(lane, jobIds);
    await this.#boss.insert(
      lane,
      jobIds.map((id) => ({ id })),
    );
  }

  /**
   * Hands out the waiting jobs of a lane in this order, and new jobs, whose priority is 0, after them. Jobs that go first also come before a job
   * that is handed out again. One statement, because pg-boss changes only one job at a time.
   */
  async arrange(lane: Lane, jobs: readonly Pick<StoredJob, "id" | "first">[]): Promise<void> {
    if (jobs.length === 0) return;
    const entries = jobs.map(({ id, first }, i) => ({ id, priority: jobs.length - i + (first ? FIRST : 0) }));
    await this.#database.orm.execute(sql`
      update pgboss.job as job set priority = given.priority
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as given(id uuid, priority integer)
      where job.name = ${lane} and job.id = given.id and job.state < 'active'`);
  }

  /** Takes jobs out of the queue. */
  async remove(lane: Lane, jobIds: string[]): Promise<void> {
    if (jobIds.length > 0) await this.#boss.deleteJob(lane, jobIds);
  }

  /** Ids of the jobs that wait for their lane. */
  async waiting(lane: Lane): Promise<ReadonlySet<string>> {
    const jobs = await this.#boss.findJobs(lane, { queued: true, limit: MAX_FOUND });
    return new Set(jobs.map(({ id }) => id));
  }

  /** Hands out jobs of a lane one at a time, in order. */
  async work(lane: Lane, handler: (jobId: string) => Promise<void>): Promise<void> {
    await this.#boss.work(
      lane,
      {
        batchSize: 1,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: POLL_SECONDS,
        heartbeatRefreshSeconds: 10,
      },
      async ([job]) => {
        if (job !== undefined) await handler(job.id);
      },
    );
  }

  /** Stops handing out jobs. Does not wait for running jobs to end. */
  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }
}
