/** @file The time that a job has worked: without the time in which it waited. */
import type { JobControl } from "./job-ports.ts";

export class WorkClock {
  readonly #now: () => number;
  readonly #startedAt: number;
  #waitedMs = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** Milliseconds of work since the clock was made. */
  get workedMs(): number {
    return this.#now() - this.#startedAt - this.#waitedMs;
  }

  /** Waits, which does not count as work. */
  async waiting(wait: () => Promise<void>): Promise<void> {
    const from = this.#now();
    try {
      await wait();
    } finally {
      this.#waitedMs += this.#now() - from;
    }
  }

  /** The same control, whose waits do not count as work. */
  withoutWaits(control: JobControl): JobControl {
    const { turns } = control;
    if (turns === undefined) return control;
    return {
      ...control,
      turns: {
        wait: () => this.waiting(() => turns.wait()),
        get othersFirst() {
          return turns.othersFirst;
        },
      },
    };
  }
}
