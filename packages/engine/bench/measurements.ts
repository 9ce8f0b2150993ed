/** @file The measurements of the bench and of the doctor, with the engine's own code on a checkpoint of any size. */
import { AdamW } from "@lexeme/autodiff";
import { TorchGenerator } from "@lexeme/core";
import { openCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { DiffusionModel, type LatentGrid } from "../src/checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../src/graph-options.ts";
import { drawPlainPicture, plainLatent, plainTraining } from "../src/plain-work.ts";
import { SessionPool } from "../src/sessions/session-pool.ts";
import { lossAndGradient, openTraining } from "../src/train-embedding/training-graph.ts";
import type { Measurement, MeasurementOptions, MeasurementResult } from "./measurement.ts";

const REPEATS: Record<Measurement, number> = { step: 3, unet: 3, vae: 1, picture: 1 };
const PICTURE_STEPS = 20;

/** Runs one measurement in this process. */
export async function measure(name: Measurement, options: MeasurementOptions): Promise<MeasurementResult> {
  const { device, threads, checkpointPath, sides, usableBytes } = options;
  const pool = new SessionPool({ device, threads }, usableBytes);
  const start = performance.now();
  const checkpoint = await openCheckpoint({ name: "bench", path: checkpointPath, shortHash: null });
  const model = new DiffusionModel(checkpoint, pool, graphOptionsFor(device));
  const side = name === "step" ? sides.train : sides.draw;
  const run = await { step: trainingStep, unet: unetForward, vae: vaeDecode, picture }[name](
    model,
    model.gridOf({ width: side, height: side }),
  );
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

/** A whole training step of one picture, from token ids to updated vectors. */
async function trainingStep(model: DiffusionModel, grid: LatentGrid): Promise<Timed> {
  const { batch, stack } = plainTraining(model, grid);
  const optimizer = new AdamW(stack.data.length);
  await openTraining(model, batch, stack);
  return async () => {
    const { gradient } = await lossAndGradient(model, batch, stack);
    optimizer.step(stack.data, gradient, 5e-3);
  };
}

async function unetForward(model: DiffusionModel, grid: LatentGrid): Promise<Timed> {
  const tokens = 77;
  const conditioning = { tokens, data: new TorchGenerator(1).randn(tokens * model.checkpoint.sizes.textWidth) };
  const latents = plainLatent(model, grid);
  const query = { latents, timesteps: Float32Array.of(500), conditionings: [conditioning], grid };
  await model.pool.get(model.unetRequest({ batch: 1, tokens, ...grid }));
  return () => model.predictNoise(query);
}

async function vaeDecode(model: DiffusionModel, grid: LatentGrid): Promise<Timed> {
  const latent = plainLatent(model, grid);
  await model.pool.get(model.decoderRequest(grid));
  return () => model.decode(latent, grid);
}

/** A picture with guidance, from prompt to pixels. */
async function picture(model: DiffusionModel, grid: LatentGrid): Promise<Timed> {
  let steps = 1;
  return async () => {
    await drawPlainPicture(model, { grid, steps });
    steps = PICTURE_STEPS;
  };
}
