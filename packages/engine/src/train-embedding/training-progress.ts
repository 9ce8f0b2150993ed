/** @file Reports on a training: its phase, the figures of each step, and the loss at fixed noise. */
import type { JobPhase } from "@lexeme/domain/jobs";
import { rateAt } from "@lexeme/domain/rates";
import type { FixedLossTracker } from "./fixed-loss-tracker.ts";
import { StepTimer } from "../step-timer.ts";
import { placeOfStep } from "./epoch-order.ts";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";
import type { RunFiles } from "./run-files.ts";
import type { TrainingState } from "./training-state.ts";
import type { StepResult } from "./training-step.ts";

export class TrainingProgress {
  readonly #ports: TrainPorts;
  readonly #run: PreparedRun;
  readonly #state: TrainingState;
  readonly #fixedLoss: FixedLossTracker;
  readonly #timer: StepTimer;
  #rate: number | undefined;

  constructor(
    { ports, run }: { ports: TrainPorts; run: PreparedRun },
    { state, fixedLoss }: { state: TrainingState; fixedLoss: FixedLossTracker },
  ) {
    this.#ports = ports;
    this.#run = run;
    this.#state = state;
    this.#fixedLoss = fixedLoss;
    this.#timer = new StepTimer(state.lastStep);
  }

  phase(phase: JobPhase): void {
    const { reporter } = this.#ports;
    reporter.progress({ phase, ...this.#timer.progress(this.#state.step), ...this.#fixedLoss.report() });
  }

  /** The next step's rate. A new rate is logged. */
  nextRate(): number {
    const { step } = this.#state;
    const rate = rateAt(this.#run.schedule, step) ?? 0;
    if (rate !== this.#rate) this.#ports.reporter.log(`Training at rate of ${rate} from step ${step}`);
    this.#rate = rate;
    return rate;
  }

  /** Reports a step that was just done, and adds it to the log of losses. */
  async stepDone({ loss, prompt }: StepResult, learnRate: number, { lossLog }: RunFiles): Promise<void> {
    const { reporter, context } = this.#ports;
    const { step } = this.#state;
    const { training_image_repeats_per_epoch: repeats } = context.options;
    const { epoch, epochStep } = placeOfStep(this.#run.source.epochs, step - 1, { repeats });
    reporter.metric({ step, loss, learnRate });
    reporter.progress({
      phase: "training",
      ...this.#timer.progress(step),
      loss,
      learnRate,
      epoch: epoch + 1,
      prompt,
      ...this.#fixedLoss.report(),
    });
    await lossLog.add({ step, epoch, epochStep, loss, learnRate });
  }

  /** Work between two steps, such as a preview, does not count as time of a step. */
  pause(): void {
    this.#timer.pause();
  }
}
