/** @file The measurements of the bench. Each uses a full-size checkpoint and the engine's own code. */
import { AdamW } from "@lexeme/autodiff";
import { TorchGenerator } from "@lexeme/core";
import { addNoise } from "@lexeme/schedulers";
import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { openCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { DiffusionModel } from "../src/checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../src/graph-options.ts";
import { SessionPool } from "../src/sessions/session-pool.ts";
import { lossAndGradient, openTraining } from "../src/train-embedding/training-graph.ts";

export const MEASUREMENTS = ["step", "unet", "vae"] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface MeasurementResult {
  /** Time to open the checkpoint and the session, without a run. */
  readonly openSeconds: number;
  /** Time of the first run, which reads the weights from disk. */
  readonly firstSeconds: number;
  /** Time of the fastest run after the first. */
  readonly seconds: number;
  /** Largest resident memory of the process, including pages of mapped files. */
  readonly peakGb: number;
}

const REPEATS: Record<Measurement, number> = { step: 3, unet: 3, vae: 1 };
/** Latent sizes of pictures with 256 and 512 pixels. */
const GRID_256 = { width: 32, height: 32 } as const;
const GRID_512 = { width: 64, height: 64 } as const;
const WORD = "zzqq";

/** Runs one measurement in this process. */
export async function measure(
  name: Measurement,
  { checkpointPath, threads }: { checkpointPath: string; threads: number },
): Promise<MeasurementResult> {
  const pool = new SessionPool({ device: "cpu", threads });
  const start = performance.now();
  const checkpoint = await openCheckpoint({ name: "bench", path: checkpointPath, shortHash: null });
  const model = new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
  const run = await { step: trainingStep, unet: unetForward, vae: vaeDecode }[name](model);
  const openSeconds = (performance.now() - start) / 1000;
  const firstSeconds = await secondsOf(run);
  const repeats: number[] = [];
  for (let i = 0; i < REPEATS[name]; i++) repeats.push(await secondsOf(run));
  const peakGb = (process.resourceUsage().maxRSS * 1024) / 1e9;
  return { openSeconds, firstSeconds, seconds: Math.min(...repeats), peakGb };
}

/** A run on an open session, so that only the computation is timed. */
type Timed = () => Promise<unknown>;

async function secondsOf(run: Timed): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

/** A whole training step at 256 x 256, batch 1, from token ids to updated vectors. */
async function trainingStep(model: DiffusionModel): Promise<Timed> {
  const generator = new TorchGenerator(1);
  const { textWidth } = model.checkpoint.sizes;
  const length = model.latentLength(GRID_256);
  const [latents, noise] = [generator.randn(length), generator.randn(length)];
  const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of ${WORD}`, {
    embeddings: [{ name: WORD, vectors: 1 }],
  });
  const vectors = generator.randn(textWidth).map((value) => value * 0.02);
  const optimizer = new AdamW(vectors.length);
  const timestep = 500;
  const batch = {
    prompts: [chunks],
    latents: addNoise(model.checkpoint.noiseSchedule, latents, { noise, timestep }),
    timesteps: Float32Array.of(timestep),
    noise,
    grid: GRID_256,
  };
  const stack = { firstRow: new Map([[WORD, 0]]), vectors: 1, data: vectors };
  await openTraining(model, batch, stack);
  return async () => {
    const { gradient } = await lossAndGradient(model, batch, stack);
    optimizer.step(vectors, gradient, 5e-3);
  };
}

async function unetForward(model: DiffusionModel): Promise<Timed> {
  const generator = new TorchGenerator(1);
  const tokens = 77;
  const conditioning = { tokens, data: generator.randn(tokens * model.checkpoint.sizes.textWidth) };
  const query = {
    latents: generator.randn(model.latentLength(GRID_512)),
    timesteps: Float32Array.of(500),
    conditionings: [conditioning],
    grid: GRID_512,
  };
  await model.pool.get(model.unetRequest({ batch: 1, tokens, ...GRID_512 }));
  return () => model.predictNoise(query);
}

async function vaeDecode(model: DiffusionModel): Promise<Timed> {
  const latent = new TorchGenerator(1).randn(model.latentLength(GRID_512));
  await model.pool.get(model.decoderRequest(GRID_512));
  return () => model.decode(latent, GRID_512);
}
