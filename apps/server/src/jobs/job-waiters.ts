/** @file Wakes the code that waits for a job whenever the job's state may have changed. */

export class JobWaiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves at the next `wake` for the job. */
  next(jobId: string): Promise<void> {
    return new Promise((wake) => {
      const waiting = this.#waiting.get(jobId) ?? new Set();
      this.#waiting.set(jobId, waiting.add(wake));
    });
  }

  wake(jobId: string): void {
    const waiting = this.#waiting.get(jobId);
    this.#waiting.delete(jobId);
    for (const wake of waiting ?? []) wake();
  }

  wakeAll(): void {
    for (const jobId of this.#waiting.keys()) this.wake(jobId);
  }
}
