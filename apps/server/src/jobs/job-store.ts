/** @file The job list: in memory for reading, in the database for keeps. State changes are written at once, progress at most once a second. */
import { LexemeError } from "@lexeme/core";
import { JobProgressSchema, JobRequestSchema } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { desc, eq, inArray, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

import type { Database } from "./database.ts";
import { jobTable } from "./job-table.ts";

/** The newest of these many are shown and kept; older finished ones leave the list at the next start. */
const MAX_JOBS = 1000;
/** PGlite writes about 240 rows a second; a job's progress needs one of them. */
const SAVE_PROGRESS_MS = 1000;

/** A job and what only the server knows of it. */
export interface StoredJob extends Job {
  /** Name of the checkpoint chosen when it was queued. */
  checkpoint: string | null;
}

type Row = typeof jobTable.$inferInsert;
type Writer = PgDatabase<PgQueryResultHKT>;

export class JobStore {
  readonly #database: Database;
  readonly #jobs = new Map<string, StoredJob>();
  readonly #unsaved = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<JobStore> {
    const store = new JobStore(database);
    const rows = await database.orm.select().from(jobTable).orderBy(desc(jobTable.createdAt));
    const old = rows.slice(MAX_JOBS).filter(({ state }) => state !== "queued" && state !== "running");
    if (old.length > 0) {
      const ids = old.map(({ id }) => id);
      await database.orm.delete(jobTable).where(inArray(jobTable.id, ids));
    }
    const gone = new Set(old.map(({ id }) => id));
    for (const { kind: _kind, ...row } of rows.toReversed()) {
      if (gone.has(row.id)) continue;
      // Jobs of an earlier version lack the settings that came since, and name their phase in words.
      const request = JobRequestSchema.safeParse(row.request).data ?? row.request;
      const progress = JobProgressSchema.safeParse(row.progress).data ?? null;
      store.#jobs.set(row.id, { ...row, request, progress });
    }
    return store;
  }

  /** Newest first. */
  list(limit = MAX_JOBS): StoredJob[] {
    return [...this.#jobs.values()].toReversed().slice(0, limit);
  }

  get(id: string): StoredJob | undefined {
    return this.#jobs.get(id);
  }

  /** Throws LexemeError `JOB_MISSING`. */
  require(id: string): StoredJob {
    const job = this.#jobs.get(id);
    if (job === undefined)
      throw new LexemeError("JOB_MISSING", "There is no such job: it may have been taken off the list");
    return job;
  }

  /** Writes a new job with `writer`, so that it can share a transaction; `admit` then shows it in the list. */
  async insert(writer: Writer, job: StoredJob): Promise<void> {
    await writer.insert(jobTable).values(toRow(job));
  }

  admit(job: StoredJob): void {
    this.#jobs.set(job.id, job);
  }

  /** Takes back `admit`, when the row was not written after all. */
  forget(id: string): void {
    this.#jobs.delete(id);
  }

  /** Changes a job and resolves once that is written. The change shows in the list before. */
  async update(id: string, change: Partial<StoredJob>): Promise<StoredJob> {
    const job = { ...this.require(id), ...change };
    this.#jobs.set(id, job);
    this.#unsaved.delete(id);
    await this.#write([job]);
    return job;
  }

  /** Changes a job and writes it within the second, together with whatever else changes till then. */
  note(id: string, change: Partial<StoredJob>): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.set(id, { ...job, ...change });
    this.#unsaved.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // A full disk shows at the next state change, which reports it; progress alone is not worth ending for.
      this.flush().catch(() => undefined);
    }, SAVE_PROGRESS_MS);
  }

  async remove(id: string): Promise<void> {
    this.#jobs.delete(id);
    this.#unsaved.delete(id);
    await this.#saving;
    await this.#database.orm.delete(jobTable).where(eq(jobTable.id, id));
  }

  /** Writes what `note` left. Progress need not survive a power cut, so nobody waits for the disk, least of all the requests meanwhile. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const jobs = [...this.#unsaved].flatMap((id) => this.#jobs.get(id) ?? []);
    this.#unsaved.clear();
    if (jobs.length > 0) await this.#write(jobs, { lazily: true });
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

function toRow(job: StoredJob): Row {
  return { ...job, kind: job.request.kind };
}

/** The job as pages see it. */
export function toJob({ checkpoint: _checkpoint, ...job }: StoredJob): Job {
  return job;
}
