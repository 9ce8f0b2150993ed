/** @file The progress of a plot: its cells' own reports, counted over all of them. */
import type { JobPhase } from "@lexeme/domain/jobs";
import type { JobReporter } from "../job-ports.ts";
import { StepTimer } from "../step-timer.ts";

/** Reports of one cell after the other as those of one job. A cell's steps are taken to be as many as its first report says. */
export class PlotProgress {
  readonly #reporter: JobReporter;
  readonly #weights: readonly number[];
  readonly #timer: StepTimer;
  readonly #total: number;
  #cell = 0;

  /** `weights` are the steps that each cell is expected to take, in the order of drawing. */
  constructor(reporter: JobReporter, weights: readonly number[]) {
    this.#reporter = reporter;
    this.#weights = weights;
    this.#total = sum(weights);
    this.#timer = new StepTimer(this.#total);
  }

  /** What the cell of that place in the order of drawing reports to. Its pictures are reported by the plot. */
  reporterOf(cell: number): JobReporter {
    this.#cell = cell;
    const before = sum(this.#weights.slice(0, cell));
    const weight = this.#weights[cell] ?? 0;
    const image = { index: cell + 1, count: this.#weights.length };
    // Opening a checkpoint or encoding a prompt is no step's time.
    this.#timer.pause();
    return {
      log: (line) => this.#reporter.log(line),
      preview: (preview) => this.#reporter.preview(preview),
      metric: (point) => this.#reporter.metric(point),
      artifact: (artifact) => this.#reporter.artifact(artifact),
      progress: ({ phase, step, steps }) => {
        // A cell has other calls of the model than steps with some samplers, and its first reports know of none.
        const part = steps === 0 ? 0 : step / steps;
        const done = Math.min(this.#total, before + Math.round(part * weight));
        this.#reporter.progress({ phase, ...this.#timer.progress(done), image });
      },
    };
  }

  /** Says that something is done with the plot as a whole. */
  phase(phase: JobPhase): void {
    const done = sum(this.#weights.slice(0, this.#cell + 1));
    this.#reporter.progress({ phase, ...this.#timer.progress(done) });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
