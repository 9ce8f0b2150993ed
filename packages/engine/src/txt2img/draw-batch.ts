/** @file One batch of pictures as latents, through all passes of a drawing. */
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
  /** When a phase begins, `done` calls of the batch having been made. */
  readonly onPhase: (phase: JobPhase, done: number) => void;
  /** After each step, counted over all passes. */
  readonly onStep: (pass: DrawPass, step: SampleStep, done: number) => Promise<void>;
  /** With what a pass made from which another goes on. */
  readonly onPassDone?: ((drawn: DrawnBatch) => Promise<void>) | undefined;
}

/** Fewer latents than pictures when it was interrupted before each had a step; those of the first pass when the second had none. */
export interface DrawnBatch extends LatentBatch {
  readonly isFinished: boolean;
}

/** Draws until the batch is finished or interrupted. Rejects with the signal's reason when cancelled. */
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
