/** @file The job list: in memory for reading, in the database for keeps. State changes are written at once, progress at most once a second. */
import { LexemeError } from "@lexeme/core";
import { isFinished } from "@lexeme/domain/jobs";
import { eq, inArray, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

import type { Database } from "./database.ts";
import { JobList } from "../job-list.ts";
import { readRow, toRow, type StoredJob } from "./job-row.ts";
import { jobTable } from "./job-table.ts";
import { storable } from "./storable.ts";

/** As many jobs that have ended are kept; those that ended before leave. */
const MAX_FINISHED = 1000;
/** PGlite writes about 240 rows a second; a job's progress needs one of them. */
const SAVE_PROGRESS_MS = 1000;

export interface StoreListener {
  /** Jobs that ended long ago have left to make room. */
  onPruned(ids: readonly string[]): void;
  /** A row that is no job to this version: it stays in the database and is not in the list. */
  onUnreadable(id: string, reason: string): void;
}

type Writer = PgDatabase<PgQueryResultHKT>;
type Change = Partial<StoredJob>;

export class JobStore {
  readonly #database: Database;
  readonly #listener: StoreListener;
  readonly #list: JobList;
  readonly #unsaved = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(database: Database, list: JobList, listener: StoreListener) {
    this.#database = database;
    this.#list = list;
    this.#listener = listener;
  }

  static async open(database: Database, listener: StoreListener): Promise<JobStore> {
    const rows = await database.orm.select().from(jobTable).orderBy(jobTable.createdAt);
    const jobs = rows.flatMap((row) => {
      const job = readRow(row);
      if (!("unreadable" in job)) return job;
      listener.onUnreadable(row.id, job.unreadable);
      return [];
    });
    const store = new JobStore(database, new JobList(jobs), listener);
    await store.#prune();
    return store;
  }

  /** Newest first; those that run are among them, however old. */
  newest(limit: number): StoredJob[] {
    return this.#list.newest(limit);
  }

  running(): StoredJob[] {
    return this.#list.running();
  }

  unfinished(): StoredJob[] {
    return this.#list.unfinished();
  }

  get(id: string): StoredJob | undefined {
    return this.#list.get(id);
  }

  /** Throws LexemeError `JOB_MISSING`. */
  require(id: string): StoredJob {
    const job = this.#list.get(id);
    if (job === undefined)
      throw new LexemeError("JOB_MISSING", "There is no such job: it may have been taken off the list");
    return job;
  }

  /**
   * Writes a new job with `writer`, so that it can share a transaction, and shows it in the list before that is committed, for its lane may take
   * it at that moment; `forget` takes it back. Resolves with the job as it is stored.
   */
  async insert(writer: Writer, job: StoredJob): Promise<StoredJob> {
    const stored = storable(job);
    await writer.insert(jobTable).values(toRow(stored));
    this.#list.set(stored);
    return stored;
  }

  /** Takes a job off the list whose row was not written after all. */
  forget(id: string): void {
    this.#list.delete(id);
  }

  /** Changes a job and resolves once that is written. The change shows in the list before. */
  async update(id: string, change: Change): Promise<StoredJob> {
    const [job] = await this.updateAll([{ id, change }]);
    return job!;
  }

  /** As `update`, for several jobs at once. */
  async updateAll(changes: readonly { id: string; change: Change }[]): Promise<StoredJob[]> {
    const jobs = changes.map(({ id, change }) => this.#change(this.require(id), change));
    for (const { id } of jobs) this.#unsaved.delete(id);
    await this.#write(jobs);
    if (jobs.some(({ state }) => isFinished(state))) await this.#prune();
    return jobs;
  }

  /** Changes a job and writes it within the second, together with whatever else changes till then. Returns the job as it is stored. */
  note(id: string, change: Change): StoredJob | undefined {
    const before = this.#list.get(id);
    if (before === undefined) return undefined;
    this.#unsaved.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // A full disk shows at the next state change, which reports it; progress alone is not worth ending for.
      this.flush().catch(() => undefined);
    }, SAVE_PROGRESS_MS);
    return this.#change(before, change);
  }

  async remove(id: string): Promise<void> {
    await this.#removeAll([id]);
  }

  /** Writes what `note` left. Progress need not survive a power cut, so nobody waits for the disk, least of all the requests meanwhile. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const jobs = [...this.#unsaved].flatMap((id) => this.#list.get(id) ?? []);
    this.#unsaved.clear();
    if (jobs.length > 0) await this.#write(jobs, { lazily: true });
  }

  #change(job: StoredJob, change: Change): StoredJob {
    const changed = { ...job, ...storable(change) };
    this.#list.set(changed);
    return changed;
  }

  async #prune(): Promise<void> {
    const ids = this.#list.longEnded(MAX_FINISHED).map(({ id }) => id);
    if (ids.length === 0) return;
    // Rows that cannot be removed now leave at the next start; the job that has just ended is none the worse for it.
    await this.#removeAll(ids).catch(() => undefined);
    this.#listener.onPruned(ids);
  }

  async #removeAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#list.delete(id);
      this.#unsaved.delete(id);
    }
    await this.#saving;
    await this.#database.orm.delete(jobTable).where(inArray(jobTable.id, [...ids]));
  }

  /** One after the other, so that an older state never overwrites a newer one. */
  #write(jobs: readonly StoredJob[], { lazily = false } = {}): Promise<void> {
    const writing = this.#saving.then(() =>
      this.#database.orm.transaction(async (transaction) => {
        if (lazily) await transaction.execute(sql`set local synchronous_commit = off`);
        for (const { id, ...row } of jobs.map(toRow))
          await transaction.update(jobTable).set(row).where(eq(jobTable.id, id));
      }),
    );
    this.#saving = writing.catch(() => undefined);
    return writing;
  }
}
