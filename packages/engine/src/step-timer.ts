/** @file How fast steps go and how long the rest will take. */

/** Weight of the newest measurement in the running mean: steady enough to read, quick enough to follow. */
const SMOOTHING = 0.1;

export class StepTimer {
  readonly #steps: number;
  #lastStep: number | undefined;
  #lastAt = 0;
  #secondsPerStep: number | null = null;

  constructor(steps: number) {
    this.#steps = steps;
  }

  /** The time part of a progress report when `step` steps are done. */
  progress(step: number): { step: number; steps: number; secondsPerStep: number | null; etaSeconds: number | null } {
    const now = performance.now();
    if (this.#lastStep !== undefined && step > this.#lastStep) {
      const measured = (now - this.#lastAt) / 1000 / (step - this.#lastStep);
      const old = this.#secondsPerStep;
      this.#secondsPerStep = old === null ? measured : old + SMOOTHING * (measured - old);
    }
    this.#lastStep = step;
    this.#lastAt = now;
    const secondsPerStep = this.#secondsPerStep;
    const etaSeconds = secondsPerStep === null ? null : Math.max(0, this.#steps - step) * secondsPerStep;
    return { step, steps: this.#steps, secondsPerStep, etaSeconds };
  }

  /** Forgets when the last step was, so that what came between (a preview, a save) does not count as a step's time. */
  pause(): void {
    this.#lastStep = undefined;
  }
}
