/** @file The progress of a plot: turns the reports of each cell into reports about all cells. */
import type { JobPhase } from "@lexeme/domain/jobs";
import type { JobReporter } from "../job-ports.ts";
import { StepTimer } from "../step-timer.ts";

/** Passes on the reports of one cell after the other as the reports of one job. */
export class PlotProgress {
  readonly #reporter: JobReporter;
  readonly #weights: readonly number[];
  readonly #timer: StepTimer;
  readonly #total: number;
  #cell = 0;

  /** `weights` are the expected steps of each cell, in the order of drawing. */
  constructor(reporter: JobReporter, weights: readonly number[]) {
    this.#reporter = reporter;
    this.#weights = weights;
    this.#total = sum(weights);
    this.#timer = new StepTimer(this.#total);
  }

  /** The reporter for the cell with this number in the order of drawing. */
  reporterOf(cell: number): JobReporter {
    this.#cell = cell;
    const before = sum(this.#weights.slice(0, cell));
    const weight = this.#weights[cell] ?? 0;
    const image = { index: cell + 1, count: this.#weights.length };
    // The time for opening a checkpoint or encoding a prompt is not part of a step.
    this.#timer.pause();
    return {
      log: (line) => this.#reporter.log(line),
      preview: (preview) => this.#reporter.preview(preview),
      metric: (point) => this.#reporter.metric(point),
      artifact: (artifact) => this.#reporter.artifact(artifact),
      progress: ({ phase, step, steps }) => {
        // With some samplers the number of a cell's model calls differs from its steps, and its first reports have no total.
        const part = steps === 0 ? 0 : step / steps;
        const done = Math.min(this.#total, before + Math.round(part * weight));
        this.#reporter.progress({ phase, ...this.#timer.progress(done), image });
      },
    };
  }

  /** Reports a phase of the plot as a whole. */
  phase(phase: JobPhase): void {
    const done = sum(this.#weights.slice(0, this.#cell + 1));
    this.#reporter.progress({ phase, ...this.#timer.progress(done) });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
