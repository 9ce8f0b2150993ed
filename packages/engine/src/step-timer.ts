/** @file Measures the time of steps and predicts the remaining time. */

/** Weight of the newest measurement in the running mean, which is steady enough to read and follows changes quickly enough. */
const SMOOTHING = 0.1;

export class StepTimer {
  readonly #steps: number;
  readonly #workOf: (step: number) => number;
  #lastStep: number | undefined;
  #lastAt = 0;
  #secondsPerWork: number | null = null;

  /** `workOf` gives the total work of the first steps, in any unit, if some steps take longer than others. */
  constructor(steps: number, workOf: (step: number) => number = (step) => step) {
    this.#steps = steps;
    this.#workOf = workOf;
  }

  /** The times for a progress report after `step` steps. */
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

  /** Forgets the time of the last step, so that other work (a preview, a save) is not measured as part of a step. */
  pause(): void {
    this.#lastStep = undefined;
  }
}
