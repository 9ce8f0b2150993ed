import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDemoWorld, type DemoWorld } from "../../test/demo-world.ts";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../graph-options.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { recordingPorts } from "../testing.ts";
import { loadDataset, type Dataset } from "./dataset.ts";
import { fixedLoss, fixedTrainingLoss } from "./fixed-loss.ts";

const NAME = "mira";
let world: DemoWorld;
let pool: SessionPool;
let model: DiffusionModel;
/** Four pictures, the number that the training's session measures. */
let dataset: Dataset;

beforeAll(async () => {
  world = await openDemoWorld();
  pool = new SessionPool({ device: "cpu", threads: 2 });
  const { path } = world.context.checkpoint;
  const checkpoint = await openCheckpoint({ name: "demo-world.safetensors", path, shortHash: null });
  model = new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
  const dataRoot = join(world.root, "four");
  await mkdir(dataRoot);
  for (const file of (await readdir(world.dataRoot)).filter((name) => name.endsWith(".png")).slice(0, 4)) {
    await cp(join(world.dataRoot, file), join(dataRoot, file));
  }
  const settings = TrainSettingsSchema.parse({ embeddingName: NAME, dataRoot, trainingWidth: 64, trainingHeight: 64 });
  dataset = await loadDataset(settings, { ...recordingPorts(), model, seed: 0n, options: world.context.options });
});
afterAll(async () => {
  await pool.dispose();
  await world[Symbol.asyncDispose]();
});

test("the training's session measures the same loss as the UNet's, and opens no other session", async () => {
  const width = model.checkpoint.sizes.textWidth;
  const vectors = Float32Array.from({ length: width }, (_, i) => Math.sin(i) / 20);
  const embeddings = [{ name: NAME, vectors: 1 }];
  const { chunks } = chunkPrompt(loadClipTokenizer(), `a photo of ${NAME}`, { embeddings });
  const goOn = () => Promise.resolve(true);
  const conditioning = await model.encodePrompt(chunks, new Map([[NAME, vectors]]));
  const expected = (await fixedLoss(model, dataset, { conditioning, goOn }))!;
  expect(expected).toBeGreaterThan(0);

  const before = pool.openKeys.length;
  const stack = { firstRow: new Map([[NAME, 0]]), vectors: 1, data: vectors };
  for (const batchSize of [1, 2]) {
    const measured = await fixedTrainingLoss(model, dataset, { stack, chunks, batchSize, goOn });
    expect(Math.abs(measured! - expected) / expected).toBeLessThan(1e-4);
  }
  const opened = pool.openKeys.slice(before);
  expect(opened).toHaveLength(2);
  expect(opened.every((key) => key.includes("|training|"))).toBe(true);
  // With clip skip both leave out the same layer, which gives another loss.
  const skipped = await model.encodePrompt(chunks, new Map([[NAME, vectors]]), { clipSkip: 2 });
  const expectedSkipped = (await fixedLoss(model, dataset, { conditioning: skipped, goOn }))!;
  const measuredSkipped = await fixedTrainingLoss(model, dataset, { stack, chunks, batchSize: 2, clipSkip: 2, goOn });
  expect(Math.abs(measuredSkipped! - expectedSkipped) / expectedSkipped).toBeLessThan(1e-4);
  expect(Math.abs(measuredSkipped! - expected) / expected).toBeGreaterThan(1e-3);
  const givenUp = { stack, chunks, batchSize: 1, goOn: () => Promise.resolve(false) };
  expect(await fixedTrainingLoss(model, dataset, givenUp)).toBeUndefined();
});
