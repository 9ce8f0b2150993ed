/** @file The jobs in memory, in the order in which they were made, with an index of the queued, running and finished jobs, and the order of the queued. */
import { isFinished } from "@lexeme/domain/jobs";
import type { StoredJob } from "./store/job-row.ts";
import { byPosition } from "./waiting-order.ts";

export class JobList {
  readonly #jobs = new Map<string, StoredJob>();
  /** Ids of the jobs in each state, in the order in which the jobs came into that state. */
  readonly #queued = new Set<string>();
  readonly #running = new Set<string>();
  readonly #finished = new Set<string>();
  /** The queued jobs in their order; undefined after a change. */
  #order: StoredJob[] | undefined;
  #lastPosition = 0;

  /** `jobs` are in the order in which they were made. */
  constructor(jobs: readonly StoredJob[]) {
    for (const job of jobs) {
      this.#jobs.set(job.id, job);
      this.#lastPosition = Math.max(this.#lastPosition, job.position);
    }
    for (const job of jobs.toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))) this.#setOf(job).add(job.id);
  }

  get(id: string): StoredJob | undefined {
    return this.#jobs.get(id);
  }

  /** Adds a job after all others, or replaces the job with the same id in its place. */
  set(job: StoredJob): void {
    const before = this.#jobs.get(job.id);
    this.#jobs.set(job.id, job);
    this.#lastPosition = Math.max(this.#lastPosition, job.position);
    if (job.state === "queued" || before?.state === "queued") this.#order = undefined;
    if (before?.state === job.state) return;
    if (before !== undefined) this.#setOf(before).delete(job.id);
    this.#setOf(job).add(job.id);
  }

  delete(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    this.#order = undefined;
    this.#setOf(job).delete(id);
  }

  /** The position of a new job, after all others. */
  get nextPosition(): number {
    return Math.floor(this.#lastPosition) + 1;
  }

  /** The `newest` newest jobs, newest first, followed by older running jobs and by the older ones of the `next` jobs that come next in their lanes. */
  listed({ newest, next }: { newest: number; next: number }): StoredJob[] {
    const jobs = [...this.#jobs.values()].slice(-newest).toReversed();
    const shown = new Set(jobs.map(({ id }) => id));
    const more = [...this.running(), ...this.queued().slice(0, next)];
    return [...jobs, ...more.filter(({ id }) => !shown.has(id))];
  }

  get waitingCount(): number {
    return this.#queued.size;
  }

  running(): StoredJob[] {
    return this.#all(this.#running);
  }

  /** The queued jobs of all lanes, in the order in which they will be run. */
  queued(): readonly StoredJob[] {
    this.#order ??= this.#all(this.#queued).sort(byPosition);
    return this.#order;
  }

  /** The running jobs, then the queued jobs. */
  unfinished(): StoredJob[] {
    return [...this.running(), ...this.queued()];
  }

  /** The finished jobs, in the order in which they ended. */
  ended(): StoredJob[] {
    return this.#all(this.#finished);
  }

  /** The finished jobs without the `limit` that ended last. */
  longEnded(limit: number): StoredJob[] {
    return this.#all(firstOf(this.#finished, this.#finished.size - limit));
  }

  #all(ids: Iterable<string>): StoredJob[] {
    return [...ids].flatMap((id) => this.#jobs.get(id) ?? []);
  }

  #setOf({ state }: StoredJob): Set<string> {
    if (isFinished(state)) return this.#finished;
    return state === "running" ? this.#running : this.#queued;
  }
}

/** The first `count` ids; none if `count` is negative. */
function firstOf(ids: ReadonlySet<string>, count: number): string[] {
  const first: string[] = [];
  for (const id of ids) {
    if (first.length >= count) break;
    first.push(id);
  }
  return first;
}
