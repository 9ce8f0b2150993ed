/** @file How far a training is: the steps done, and the optimizer that moves the vectors. */
import { AdamW } from "@lexeme/autodiff";
import type { PreparedRun } from "./prepare-run.ts";

export class TrainingState {
  /** Steps done, including those before this run. */
  step: number;
  readonly initialStep: number;
  readonly lastStep: number;
  readonly optimizer: AdamW;

  constructor({ target, resumed, schedule, source }: PreparedRun) {
    this.initialStep = target.initialStep;
    this.step = target.initialStep;
    this.lastStep = Math.min(source.settings.steps, schedule.endStep);
    this.optimizer = new AdamW(target.vectors.length);
    if (resumed) this.optimizer.importState(resumed.state);
  }

  get hasLearned(): boolean {
    return this.step > this.initialStep;
  }

  /** True until the last step is done. */
  get hasStepsLeft(): boolean {
    return this.step < this.lastStep;
  }
}
