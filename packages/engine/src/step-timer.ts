/** @file How fast steps go and how long the rest will take. */

/** Weight of the newest measurement in the running mean: steady enough to read, quick enough to follow. */
const SMOOTHING = 0.1;

export class StepTimer {
  readonly #steps: number;
  readonly #workOf: (step: number) => number;
  #lastStep: number | undefined;
  #lastAt = 0;
  #secondsPerWork: number | null = null;

  /** `workOf` tells how much the first steps are together, where some take longer than others; in units of its own. */
  constructor(steps: number, workOf: (step: number) => number = (step) => step) {
    this.#steps = steps;
    this.#workOf = workOf;
  }

  /** The time part of a progress report when `step` steps are done. */
  progress(step: number): { step: number; steps: number; secondsPerStep: number | null; etaSeconds: number | null } {
    const now = performance.now();
    if (this.#lastStep !== undefined && step > this.#lastStep) {
      const measured = (now - this.#lastAt) / 1000 / (this.#workOf(step) - this.#workOf(this.#lastStep));
      const old = this.#secondsPerWork;
      this.#secondsPerWork = old === null ? measured : old + SMOOTHING * (measured - old);
    }
    this.#lastStep = step;
    this.#lastAt = now;
    const rate = this.#secondsPerWork;
    const work = this.#workOf;
    return {
      step,
      steps: this.#steps,
      secondsPerStep: rate === null ? null : rate * (work(step) - work(step - 1)),
      etaSeconds: rate === null ? null : rate * Math.max(0, work(this.#steps) - work(step)),
    };
  }

  /** Forgets when the last step was, so that what came between (a preview, a save) does not count as a step's time. */
  pause(): void {
    this.#lastStep = undefined;
  }
}
