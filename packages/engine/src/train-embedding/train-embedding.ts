/** @file Textual Inversion: a run from the first step to the finished embedding. */
import { LexemeError } from "@lexeme/core";
import type { JobResults } from "@lexeme/domain/jobs";
import type { TrainSettings } from "@lexeme/domain/settings";
import { basename } from "node:path";
import type { JobParts } from "../job-run.ts";
import { WorkClock } from "../work-clock.ts";
import { FixedLossTracker } from "./fixed-loss-tracker.ts";
import { prepareUnlessStopped, type TrainPorts } from "./prepare-run.ts";
import { keepReplaced } from "./replaced-embedding.ts";
import { RunFiles } from "./run-files.ts";
import { RunFindings } from "./run-findings.ts";
import { describeResources, summarizeRun } from "./run-summary.ts";
import { saveTarget } from "./target-embedding.ts";
import { runTrainingLoop, type LoopParts } from "./training-loop.ts";
import { TrainingProgress } from "./training-progress.ts";
import { TrainingState } from "./training-state.ts";
import { unsaved } from "./unsaved.ts";
import { whenRoom } from "./when-room.ts";

/**
 * Trains until the last step, the end of the learning-rate schedule, a stop or a cancel. The end and a stop replace the embedding's file,
 * after some run has a copy of the old embedding. Copies are written during the training and of the last step. A cancel or a lost process
 * leaves the file unchanged, and a later run can continue from the copies. Throws the LexemeErrors of `prepareRun`, and `TRAINING_DIVERGED`
 * if the loss or the gradient is not a finite number.
 */
export async function trainEmbedding(
  settings: TrainSettings,
  { open, ...rest }: JobParts<"train-embedding">,
): Promise<JobResults> {
  const model = await open(rest.context.checkpoint);
  const clock = new WorkClock();
  const ports: TrainPorts = { ...rest, control: clock.withoutWaits(rest.control), model, clock };
  const run = await prepareUnlessStopped(settings, ports);
  if (run === undefined) {
    return { artifacts: [], warnings: [], summary: "Stopped before the first step; nothing was changed" };
  }
  const state = new TrainingState(run);
  const findings = new RunFindings(run.warnings, ports.reporter);
  const files = await RunFiles.open({ ports, run, state, findings });
  const fixedLoss = new FixedLossTracker({ ...run, ...ports });
  files.watch(fixedLoss);
  const progress = new TrainingProgress({ ports, run }, { state, fixedLoss });
  const parts = { ports, run, state, files, fixedLoss, progress };
  try {
    await runTrainingLoop(parts);
    await saveLearned(parts, findings);
  } catch (cause) {
    await files.keepLearned();
    await files.endWith(cause);
    throw cause;
  } finally {
    await files.lossLog.flush();
  }
  progress.phase("done");
  ports.reporter.log(describeResources(state.step - state.initialStep, ports.clock));
  const { fault } = files.lossLog;
  return {
    artifacts: findings.artifacts,
    warnings: fault === undefined ? findings.warnings : [...findings.warnings, fault],
    skipped: [...run.dataset.skipped],
    folder: files.folder.path,
    summary: summarizeRun({
      file: basename(run.target.path),
      done: state.step,
      initialStep: state.initialStep,
      asked: settings.steps,
      stopped: state.hasStepsLeft,
    }),
  };
}

/** Waits for space for the last step's copy. If it fails for another reason, a warning says so already, and the embedding has its file. */
async function copyWhenRoom(parts: LoopParts): Promise<void> {
  try {
    await whenRoom(parts, () => parts.files.copy());
  } catch (cause) {
    parts.ports.control.cancelled.throwIfAborted();
    if (cause instanceof LexemeError && cause.code === "DISK_FULL") throw cause;
  }
}

/** Writes the last step's copy and the embedding's own file, unless no step was done, and records how the run ended. */
async function saveLearned(parts: LoopParts, findings: RunFindings): Promise<void> {
  const { ports, run, state, files, fixedLoss, progress } = parts;
  const how = state.hasStepsLeft ? "stopped" : "finished";
  if (!state.hasLearned) return files.end({ how });
  progress.phase("saving");
  const copy = await files.tryCopy();
  const { target, source } = run;
  let replaced;
  try {
    replaced = await whenRoom(parts, async () => {
      const kept = await keepReplaced(run, ports.context);
      await saveTarget(target, { step: state.step, checkpoint: source.model.checkpoint }, kept.files);
      return kept.replaced;
    });
    if (copy === undefined) await copyWhenRoom(parts);
  } catch (cause) {
    // The run's folder may be on another disk than the embeddings, or the disk had room for the copy alone.
    throw unsaved(cause, copy);
  }
  findings.add({ kind: "embedding", path: target.path, step: state.step });
  await files.end({ how, replaced });
  progress.phase("measuring");
  await fixedLoss.measureAtEnd(state.step, { stopped: state.hasStepsLeft });
}
