/** @file Runs the steps of a training one after the other, and the work between them. */
import { rateAt } from "@lexeme/domain/rates";
import { checkpointForCancel, giveWay } from "../job-ports.ts";
import { diverged, isFinite } from "./divergence.ts";
import type { FixedLossTracker } from "./fixed-loss-tracker.ts";
import { clipGradient } from "./gradient-clipping.ts";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";
import type { RunFiles } from "./run-files.ts";
import type { TrainingProgress } from "./training-progress.ts";
import type { TrainingState } from "./training-state.ts";
import { firstPromptOf, trainingStep, type StepResult } from "./training-step.ts";

export interface LoopParts {
  readonly ports: TrainPorts;
  readonly run: PreparedRun;
  readonly state: TrainingState;
  readonly files: RunFiles;
  readonly fixedLoss: FixedLossTracker;
  readonly progress: TrainingProgress;
}

/**
 * Makes steps until the last one or a stop. Throws the signal's reason at a cancel, and LexemeError `TRAINING_DIVERGED` if the
 * loss or the gradient is not a finite number.
 */
export async function runTrainingLoop(parts: LoopParts): Promise<void> {
  const { ports, state, files, fixedLoss, progress } = parts;
  const { control } = ports;
  await drawBeginning(parts);
  progress.phase("measuring");
  await fixedLoss.measureBefore(state.step);
  progress.pause();
  while (state.hasStepsLeft && !control.stopping.aborted) {
    await checkpointForCancel(control);
    await letOthersFirst(parts);
    if (control.stopping.aborted) break;
    const learnRate = progress.nextRate();
    const result = await makeStep(parts, learnRate);
    await progress.stepDone(result, learnRate, files);
    await atIntervals(parts, result.prompt);
  }
}

/** Waits while other jobs of the lane go before the next step. The wait is no part of a step's time. */
async function letOthersFirst({ ports, progress }: LoopParts): Promise<void> {
  if (!(await giveWay(ports.control, () => progress.phase("giving-way")))) return;
  progress.phase("training");
  progress.pause();
}

/** Draws the word before it learns, so that all later pictures can be compared with this one. */
async function drawBeginning({ run, state, files, progress }: LoopParts): Promise<void> {
  const { createImageEvery } = run.source.settings;
  if (createImageEvery === 0 || state.step > 0 || (await files.hasPreview())) return;
  progress.phase("drawing-preview");
  await files.tryPreview(firstPromptOf(run.source, state.step));
}

/** Computes a step and moves the vectors. A loss, gradient or vector that is not finite ends the run with the vectors of the step before. */
async function makeStep({ run, state, files }: LoopParts, learnRate: number): Promise<StepResult> {
  const { source, stack, target, clipping } = run;
  const { vectors } = target;
  const result = await trainingStep(source, state.step, { stack, parameterCount: vectors.length });
  const before = vectors.slice();
  if (Number.isFinite(result.loss) && isFinite(result.gradient)) {
    if (clipping)
      clipGradient(
        result.gradient,
        source.settings.clipGradMode,
        rateAt(clipping, state.step) ?? clipping.segments.at(-1)!.rate,
      );
    state.optimizer.step(vectors, result.gradient, learnRate);
    if (isFinite(vectors)) {
      state.step += 1;
      return result;
    }
    vectors.set(before);
  }
  const kept = state.hasLearned ? await files.tryCopy() : undefined;
  throw diverged({ step: state.step + 1, kept, learnRate });
}

/** Writes the copies and previews that are due. The number in the name of each is its number of trained steps. */
async function atIntervals({ run, state, files, fixedLoss, progress }: LoopParts, batchPrompt: string): Promise<void> {
  const { saveEmbeddingEvery, createImageEvery } = run.source.settings;
  const isDue = (every: number) => every > 0 && state.step % every === 0;
  if (isDue(saveEmbeddingEvery)) await files.tryCopy();
  if (isDue(createImageEvery)) {
    progress.phase("drawing-preview");
    await files.tryPreview(batchPrompt);
  }
  if (!isDue(saveEmbeddingEvery) && !isDue(createImageEvery)) return;
  progress.phase("measuring");
  await fixedLoss.measureIfCheap(state.step);
  progress.pause();
}
