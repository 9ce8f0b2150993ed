/** @file Draws one batch of pictures as latents, through all passes of a drawing. */
import type { JobPhase } from "@lexeme/domain/jobs";
import type { SampleStep } from "@lexeme/schedulers";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { Draw, DrawBatch, DrawPass } from "./draw.ts";
import { drawLatents, type DrawPorts } from "./draw-latents.ts";
import { unlessInterrupted, type BatchControl } from "./interrupted-batch.ts";
import { enlargeBatch, type LatentBatch } from "./enlarge-batch.ts";

export interface DrawBatchPorts extends Pick<DrawPorts, "onNegativeSkipped"> {
  readonly model: DiffusionModel;
  readonly control: BatchControl;
  /** Called when a phase begins, after `done` of the batch's model calls. */
  readonly onPhase: (phase: JobPhase, done: number) => void;
  /** Called after each step; `done` counts the model calls of all passes. */
  readonly onStep: (pass: DrawPass, step: SampleStep, done: number) => Promise<void>;
  /** Called with the result of a pass before the next pass continues from it. */
  readonly onPassDone?: ((drawn: DrawnBatch) => Promise<void>) | undefined;
}

/** An interrupted batch leaves out pictures without a step. If the second pass had no step, the latents are those of the first pass. */
export interface DrawnBatch extends LatentBatch {
  readonly isFinished: boolean;
}

/** Draws until the batch is finished or interrupted. Rejects with the signal's reason at a cancel. */
export async function drawBatch(
  { passes }: Pick<Draw, "passes">,
  batch: DrawBatch,
  ports: DrawBatchPorts,
): Promise<DrawnBatch> {
  const { model, control, onPhase, onStep, onPassDone, onNegativeSkipped } = ports;
  const isInterrupted = (): boolean => control.interrupted?.aborted === true;
  let drawn: DrawnBatch = { latents: [], grid: passes[0].grid, isFinished: false };
  let before = 0;
  for (const pass of passes) {
    const { phase, grid, calls, enlargement } = pass;
    let pictures: readonly Float32Array[] | undefined;
    if (enlargement) {
      onPhase("upscaling", before);
      await onPassDone?.(drawn);
      const smaller = drawn;
      pictures = await unlessInterrupted(control, (within) =>
        enlargeBatch(smaller, enlargement, { model, seeds: batch.seeds, control: within }),
      );
      if (pictures === undefined) return drawn;
    }
    const done = before;
    onPhase(phase, done);
    const latents = await drawLatents(
      model,
      { pass, input: { ...batch, pictures } },
      {
        control,
        ...(onNegativeSkipped && { onNegativeSkipped }),
        onStep: (step) => onStep(pass, step, done + step.step),
      },
    );
    if (enlargement && latents.length === 0) return drawn;
    drawn = { latents, grid, isFinished: pass === passes.at(-1) && !isInterrupted() };
    if (isInterrupted()) return drawn;
    before += calls;
  }
  return drawn;
}
