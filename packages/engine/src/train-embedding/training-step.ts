/** @file The loss and gradient of one optimizer step: draws pictures, prompts, time steps and noise, and returns the means. The draws depend only on seed and step number. */
import { addNoise, TRAIN_TIMESTEPS } from "@lexeme/schedulers";
import type { TrainSettings } from "@lexeme/domain/settings";
import type { EmbeddingIndex } from "@lexeme/tokenizer";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import type { Dataset } from "./dataset.ts";
import { batchesOfStep, type EpochPlan } from "./epoch-order.ts";
import { randomStream } from "./random-streams.ts";
import { lossAndGradient, type VectorStack } from "./training-graph.ts";
import { chunkBatch, drawPrompt } from "./training-prompts.ts";

export interface TrainingSource {
  readonly model: DiffusionModel;
  readonly dataset: Dataset;
  readonly settings: TrainSettings;
  readonly lines: readonly string[];
  readonly embeddings: EmbeddingIndex;
  readonly epochs: EpochPlan;
  readonly seed: bigint;
}

export interface StepResult {
  /** Mean over the accumulated batches. */
  readonly loss: number;
  /** Derivative of the loss by the trained rows, `[count, width]`, the mean over the accumulated batches. */
  readonly gradient: Float32Array;
  /** First prompt of the last batch. */
  readonly prompt: string;
}

/** Computes step number `step` (from 0). The first `parameterCount` values of the stack are trained. */
export async function trainingStep(
  source: TrainingSource,
  step: number,
  { stack, parameterCount }: { stack: VectorStack; parameterCount: number },
): Promise<StepResult> {
  const batches = batchesOfStep(source.epochs, step, source.seed);
  const gradient = new Float32Array(parameterCount);
  let loss = 0;
  let prompt = "";
  for (const [micro, pictures] of batches.entries()) {
    const { batch, prompts } = drawBatch(source, pictures, step * batches.length + micro);
    const result = await lossAndGradient(source.model, batch, stack);
    loss += result.loss / batches.length;
    for (let i = 0; i < parameterCount; i++) gradient[i] = gradient[i]! + result.gradient[i]! / batches.length;
    prompt = prompts[0]!;
  }
  return { loss, gradient, prompt };
}

/** First prompt of the first batch of step number `step` (from 0), without computing the step. */
export function firstPromptOf(source: TrainingSource, step: number): string {
  const [pictures] = batchesOfStep(source.epochs, step, source.seed);
  return drawPrompts(source, pictures!, step * source.epochs.gradientStep)[0]!;
}

function drawPrompts({ dataset, settings, lines, seed }: TrainingSource, pictures: readonly number[], number: number) {
  const words = randomStream(seed, "prompts", number);
  return pictures.map((picture) => drawPrompt(settings, { lines, caption: dataset.pictures[picture]!.caption }, words));
}

function drawBatch(source: TrainingSource, pictures: readonly number[], number: number) {
  const { model, dataset, settings, embeddings, seed } = source;
  const prompts = drawPrompts(source, pictures, number);
  const generator = randomStream(seed, "step", number);
  const timesteps = Float32Array.from(pictures, () => generator.randint(0, TRAIN_TIMESTEPS));
  const length = model.latentLength(dataset.grid);
  const noise = generator.randn(pictures.length * length);
  const latents = new Float32Array(noise.length);
  for (const [i, picture] of pictures.entries()) {
    const clean = dataset.latent(picture, (count) => generator.randn(count));
    const own = noise.subarray(i * length, (i + 1) * length);
    latents.set(addNoise(model.checkpoint.noiseSchedule, clean, { noise: own, timestep: timesteps[i]! }), i * length);
  }
  return {
    prompts,
    batch: {
      prompts: chunkBatch(prompts, embeddings),
      latents,
      timesteps,
      noise,
      grid: dataset.grid,
      clipSkip: settings.clipSkip,
    },
  };
}
