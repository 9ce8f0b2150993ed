/** @file The job list: in memory for reading, in the database for storage. State changes are written at once, progress at most once a second. */
import { LexemeError } from "@lexeme/core";
import { isFinished } from "@lexeme/domain/jobs";
import { eq, inArray, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

import type { Database } from "./database.ts";
import { JobList } from "../job-list.ts";
import { readRow, toRow, type StoredJob } from "./job-row.ts";
import type { PortablePaths } from "../../portable-paths.ts";
import { jobTable } from "./job-table.ts";
import { storable } from "./storable.ts";

/** The largest number of finished jobs in the list; the jobs that ended first leave it. */
const MAX_FINISHED = 1000;
/** PGlite writes about 240 rows a second; a job's progress needs one of them. */
const SAVE_PROGRESS_MS = 1000;

export interface StoreParts {
  readonly database: Database;
  readonly paths: PortablePaths;
}

export interface StoreListener {
  /** Called with the ids of old finished jobs that left the list to make room. */
  onPruned(ids: readonly string[]): void;
  /** Called for a row that this version cannot read: it stays in the database and is not in the list. */
  onUnreadable(id: string, reason: string): void;
}

type Writer = PgDatabase<PgQueryResultHKT>;
type Change = Partial<StoredJob>;

export class JobStore {
  readonly #database: Database;
  readonly #paths: PortablePaths;
  readonly #listener: StoreListener;
  readonly #list: JobList;
  readonly #unsaved = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor({ database, paths }: StoreParts, list: JobList, listener: StoreListener) {
    this.#database = database;
    this.#paths = paths;
    this.#list = list;
    this.#listener = listener;
  }

  static async open(parts: StoreParts, listener: StoreListener): Promise<JobStore> {
    const { database, paths } = parts;
    const rows = await database.orm.select().from(jobTable).orderBy(jobTable.createdAt);
    const jobs = rows.flatMap((row) => {
      const job = readRowSafely(row, paths);
      if (!("unreadable" in job)) return job;
      listener.onUnreadable(row.id, job.unreadable);
      return [];
    });
    const store = new JobStore(parts, new JobList(jobs), listener);
    await store.#prune();
    return store;
  }

  /** As in `JobList`. */
  listed(limits: Parameters<JobList["listed"]>[0]): StoredJob[] {
    return this.#list.listed(limits);
  }

  get waitingCount(): number {
    return this.#list.waitingCount;
  }

  running(): StoredJob[] {
    return this.#list.running();
  }

  /** As in `JobList`. */
  queued(): readonly StoredJob[] {
    return this.#list.queued();
  }

  unfinished(): StoredJob[] {
    return this.#list.unfinished();
  }

  ended(): StoredJob[] {
    return this.#list.ended();
  }

  /** The position of a new job. */
  get nextPosition(): number {
    return this.#list.nextPosition;
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
   * Writes a new job with `writer`, so that the write can be part of a transaction. The job is in the list before the commit, because its lane
   * may take it at that moment; `forget` removes it again. Resolves with the stored job.
   */
  async insert(writer: Writer, job: StoredJob): Promise<StoredJob> {
    const stored = storable(job);
    await writer.insert(jobTable).values(toRow(stored, this.#paths));
    this.#list.set(stored);
    return stored;
  }

  /** Takes a job off the list if its row was not written. */
  forget(id: string): void {
    this.#list.delete(id);
  }

  /** Changes a job in the list at once, and resolves when the change is written. */
  async update(id: string, change: Change): Promise<StoredJob> {
    const [job] = await this.updateAll([{ id, change }]);
    return job!;
  }

  /** Like `update`, for several jobs at once. */
  async updateAll(changes: readonly { id: string; change: Change }[]): Promise<StoredJob[]> {
    const jobs = changes.map(({ id, change }) => this.#change(this.require(id), change));
    for (const { id } of jobs) this.#unsaved.delete(id);
    await this.#write(jobs);
    if (jobs.some(({ state }) => isFinished(state))) await this.#prune();
    return jobs;
  }

  /** Changes a job in the list and writes it within a second, together with the other changes until then. Returns the stored job. */
  note(id: string, change: Change): StoredJob | undefined {
    const before = this.#list.get(id);
    if (before === undefined) return undefined;
    this.#unsaved.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // The next state change reports a full disk. Unsaved progress alone is no reason to end the job.
      this.flush().catch(() => undefined);
    }, SAVE_PROGRESS_MS);
    return this.#change(before, change);
  }

  /** Takes jobs off the list when their rows are removed; if the rows cannot be removed, as on a full disk, the jobs stay in the list. */
  async removeAll(ids: readonly string[]): Promise<void> {
    await this.#saving;
    await this.#database.orm.delete(jobTable).where(inArray(jobTable.id, [...ids]));
    for (const id of ids) {
      this.#list.delete(id);
      this.#unsaved.delete(id);
    }
  }

  /** Writes the changes that `note` collected. Progress need not survive a power cut, so neither this write nor other requests wait for the disk. */
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
    try {
      await this.removeAll(ids);
    } catch {
      // These jobs are removed with the next job that ends; the job that has just ended is not affected.
      return;
    }
    this.#listener.onPruned(ids);
  }

  /** Writes one change after the other, so that an older state never overwrites a newer state. */
  #write(jobs: readonly StoredJob[], { lazily = false } = {}): Promise<void> {
    const writing = this.#saving.then(() =>
      this.#database.orm.transaction(async (transaction) => {
        if (lazily) await transaction.execute(sql`set local synchronous_commit = off`);
        for (const { id, ...row } of jobs.map((job) => toRow(job, this.#paths)))
          await transaction.update(jobTable).set(row).where(eq(jobTable.id, id));
      }),
    );
    this.#saving = writing.catch(() => {
      // The next write includes them; the disk may have room by then.
      for (const { id } of jobs) if (this.#list.get(id) !== undefined) this.#unsaved.add(id);
    });
    return writing;
  }
}

/** One unexpected row must not make the whole list unusable. */
function readRowSafely(...[row, paths]: Parameters<typeof readRow>): ReturnType<typeof readRow> {
  try {
    return readRow(row, paths);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}
