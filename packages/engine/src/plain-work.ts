/** @file One picture and one training step without files, options and previews, for the self-test and the measurements. */
import { TorchGenerator } from "@lexeme/core";
import { addNoise } from "@lexeme/schedulers";
import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import type { Conditioning, DiffusionModel, LatentGrid } from "./checkpoint/diffusion-model.ts";
import { constantConditioning } from "./prompt/prompt-conditioning.ts";
import { lossAndGradient, type TrainingBatch, type VectorStack } from "./train-embedding/training-graph.ts";
import { drawLatents } from "./txt2img/draw-latents.ts";

const SEED = 1;
/** The word whose row is trained; it must be a single token. */
const WORD = "woman";
const TIMESTEP = 500;
/** The standard deviation of the trained row. The rows of a checkpoint have about 0.02. */
const VECTOR_DEVIATION = 0.05;

export async function encodePlainPrompt(model: DiffusionModel, prompt: string): Promise<Conditioning> {
  return model.encodePrompt(chunkPrompt(loadClipTokenizer(), prompt).chunks, new Map());
}

/** A picture `[3, 8 height, 8 width]`, drawn with Euler and guidance, so that the UNet runs on batches of two. */
export async function drawPlainPicture(
  model: DiffusionModel,
  { grid, steps }: { grid: LatentGrid; steps: number },
): Promise<Float32Array> {
  const encode = async (prompt: string) => constantConditioning(await encodePlainPrompt(model, prompt));
  const never = new AbortController().signal;
  const [latent] = await drawLatents(
    model,
    {
      pass: {
        conditional: [{ weight: 1, segments: await encode("a photo of a (woman:1.2)") }],
        unconditional: await encode(""),
        cfgScale: 4,
        grid,
        samplerName: "Euler",
        scheduleType: "Automatic",
        steps,
      },
      input: { seeds: [BigInt(SEED)], subseeds: [] },
    },
    { control: { cancelled: never, stopping: never } },
  );
  return model.decode(latent!, grid);
}

/** The UNet's prediction `[4, height, width]` for noise with a fixed seed. */
export async function predictPlainNoise(model: DiffusionModel, grid: LatentGrid): Promise<Float32Array> {
  return model.predictNoise({
    latents: plainLatent(model, grid),
    timesteps: Float32Array.of(TIMESTEP),
    conditionings: [await encodePlainPrompt(model, "a photo of a woman")],
    grid,
  });
}

export function plainLatent(model: DiffusionModel, grid: LatentGrid): Float32Array {
  return new TorchGenerator(SEED).randn(model.latentLength(grid));
}

/** The batch and the vectors for a training step with one picture and one learned vector. The caller may change the vectors. */
export function plainTraining(model: DiffusionModel, grid: LatentGrid): { batch: TrainingBatch; stack: VectorStack } {
  const generator = new TorchGenerator(SEED);
  const length = model.latentLength(grid);
  const { noiseSchedule, sizes } = model.checkpoint;
  const [latents, noise] = [generator.randn(length), generator.randn(length)];
  const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of a ${WORD}`, {
    embeddings: [{ name: WORD, vectors: 1 }],
  });
  return {
    batch: {
      prompts: [chunks],
      latents: addNoise(noiseSchedule, latents, { noise, timestep: TIMESTEP }),
      timesteps: Float32Array.of(TIMESTEP),
      noise,
      grid,
    },
    stack: {
      firstRow: new Map([[WORD, 0]]),
      vectors: 1,
      data: generator.randn(sizes.textWidth).map((value) => value * VECTOR_DEVIATION),
    },
  };
}

/** `d loss / d vectors` of one step. */
export async function plainGradient(model: DiffusionModel, grid: LatentGrid): Promise<Float32Array> {
  const { batch, stack } = plainTraining(model, grid);
  return (await lossAndGradient(model, batch, stack)).gradient;
}
