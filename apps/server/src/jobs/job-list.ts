/** @file The jobs in memory, in the order in which they were made, with an index of the queued, running and finished jobs. */
import { isFinished } from "@lexeme/domain/jobs";
import type { StoredJob } from "./store/job-row.ts";

export class JobList {
  readonly #jobs = new Map<string, StoredJob>();
  /** Ids of the jobs in each state, in the order in which the jobs came into that state. */
  readonly #queued = new Set<string>();
  readonly #running = new Set<string>();
  readonly #finished = new Set<string>();

  /** `jobs` are in the order in which they were made. */
  constructor(jobs: readonly StoredJob[]) {
    for (const job of jobs) this.#jobs.set(job.id, job);
    for (const job of jobs.toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))) this.#setOf(job).add(job.id);
  }

  get(id: string): StoredJob | undefined {
    return this.#jobs.get(id);
  }

  /** Adds a job after all others, or replaces the job with the same id in its place. */
  set(job: StoredJob): void {
    const before = this.#jobs.get(job.id);
    this.#jobs.set(job.id, job);
    if (before?.state === job.state) return;
    if (before !== undefined) this.#setOf(before).delete(job.id);
    this.#setOf(job).add(job.id);
  }

  delete(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    this.#setOf(job).delete(id);
  }

  /** The `limit` newest jobs, newest first, followed by older jobs that run. */
  newest(limit: number): StoredJob[] {
    const newest = [...this.#jobs.values()].slice(-limit).toReversed();
    const shown = new Set(newest.map(({ id }) => id));
    return [...newest, ...this.running().filter(({ id }) => !shown.has(id))];
  }

  running(): StoredJob[] {
    return this.#all(this.#running);
  }

  /** The running jobs, then the queued jobs. */
  unfinished(): StoredJob[] {
    return [...this.running(), ...this.#all(this.#queued)];
  }

  /** The finished jobs without the `limit` that ended last. */
  longEnded(limit: number): StoredJob[] {
    const count = this.#finished.size - limit;
    if (count <= 0) return [];
    const ids: string[] = [];
    for (const id of this.#finished) {
      if (ids.length === count) break;
      ids.push(id);
    }
    return this.#all(ids);
  }

  #all(ids: Iterable<string>): StoredJob[] {
    return [...ids].flatMap((id) => this.#jobs.get(id) ?? []);
  }

  #setOf({ state }: StoredJob): Set<string> {
    if (isFinished(state)) return this.#finished;
    return state === "running" ? this.#running : this.#queued;
  }
}
