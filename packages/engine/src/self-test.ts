/** @file Compares a device's results with the CPU's: a small picture and one training step on a small checkpoint. */
import { TorchGenerator } from "@lexeme/core";
import type { Device } from "@lexeme/domain/jobs";
import { addNoise } from "@lexeme/schedulers";
import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { openCheckpoint } from "./checkpoint/checkpoint.ts";
import { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "./graph-options.ts";
import { SessionPool } from "./sessions/session-pool.ts";
import { lossAndGradient } from "./train-embedding/training-graph.ts";
import { constantConditioning } from "./prompt/prompt-conditioning.ts";
import { drawLatents } from "./txt2img/draw-latents.ts";

/** 64 x 64 pixels: large enough for every level of the networks. */
const GRID = { width: 8, height: 8 } as const;
const STEPS = 3;
const SEED = 1;
/** The word whose row is trained; it must be a single token. */
const WORD = "woman";

export interface SelfTestErrors {
  /** Largest difference divided by the largest value. */
  readonly pictureError: number;
  readonly gradientError: number;
}

export async function selfTest(options: {
  device: Device;
  threads: number;
  checkpointPath: string;
}): Promise<SelfTestErrors> {
  const { device, threads, checkpointPath } = options;
  const expected = await compute("cpu", threads, checkpointPath);
  const found = await compute(device, threads, checkpointPath);
  return {
    pictureError: relativeError(found.picture, expected.picture),
    gradientError: relativeError(found.gradient, expected.gradient),
  };
}

async function compute(device: Device, threads: number, path: string) {
  const pool = new SessionPool({ device, threads });
  try {
    const checkpoint = await openCheckpoint({ name: "self-test", path, shortHash: null });
    const model = new DiffusionModel(checkpoint, pool, graphOptionsFor(device));
    return { picture: await smallPicture(model), gradient: await smallStep(model) };
  } finally {
    await pool.dispose();
  }
}

async function smallPicture(model: DiffusionModel): Promise<Float32Array> {
  const tokenizer = loadClipTokenizer();
  const encode = async (prompt: string) =>
    constantConditioning(await model.encodePrompt(chunkPrompt(tokenizer, prompt).chunks, new Map()));
  const never = new AbortController().signal;
  const [latent] = await drawLatents(
    model,
    {
      pass: {
        conditional: [{ weight: 1, segments: await encode("a photo of a (woman:1.2)") }],
        unconditional: await encode(""),
        cfgScale: 4,
        grid: GRID,
        samplerName: "Euler",
        scheduleType: "Automatic",
        steps: STEPS,
      },
      input: { seeds: [BigInt(SEED)], subseeds: [] },
    },
    { control: { cancelled: never, stopping: never } },
  );
  return model.decode(latent!, GRID);
}

async function smallStep(model: DiffusionModel): Promise<Float32Array> {
  const generator = new TorchGenerator(SEED);
  const length = model.latentLength(GRID);
  const { textWidth } = model.checkpoint.sizes;
  const [latents, noise] = [generator.randn(length), generator.randn(length)];
  const timestep = 500;
  const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of a ${WORD}`, {
    embeddings: [{ name: WORD, vectors: 1 }],
  });
  const { gradient } = await lossAndGradient(
    model,
    {
      prompts: [chunks],
      latents: addNoise(model.checkpoint.noiseSchedule, latents, { noise, timestep }),
      timesteps: Float32Array.of(timestep),
      noise,
      grid: GRID,
    },
    {
      firstRow: new Map([[WORD, 0]]),
      vectors: 1,
      data: generator.randn(textWidth).map((value) => value * 0.05),
    },
  );
  return gradient;
}

/** Largest difference divided by the largest expected value; Infinity for NaN. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  let [difference, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    // A comparison with NaN is always false, so NaN is checked first.
    const error = Number.isFinite(found[i]) ? Math.abs(found[i]! - value) : Infinity;
    difference = Math.max(difference, error);
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}
