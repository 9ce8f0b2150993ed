/** @file A training step's loss and gradient, and the loss at fixed noise, against PyTorch on small random checkpoints (`fixtures/reference-pictures/gradients.py`). */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addNoise } from "@lexeme/schedulers";
import { chunkPrompt, EmbeddingIndex } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomValues, REFERENCE_FOLDER, writeReferenceCheckpoint } from "../../test/reference-checkpoints.ts";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "../graph-options.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import type { Dataset } from "./dataset.ts";
import { fixedLoss, fixedTrainingLoss } from "./fixed-loss.ts";
import { lossAndGradient } from "./training-graph.ts";
import { chunkBatch } from "./training-prompts.ts";

interface Row {
  readonly checkpoint: string;
  readonly clipSkip: number;
  readonly prompts: string[];
  readonly timesteps: number[];
  readonly loss: number;
  readonly fixedLoss: number;
  readonly gradient: number[];
}

const rows: Row[] = JSON.parse(await readFile(join(REFERENCE_FOLDER, "gradients.json"), "utf8"));
const NAME = "zork";
const GRID = { height: 8, width: 8 };
const LENGTH = 4 * 64;
const hashed = (count: number, where: { seed: number; number: number }, scale: number) =>
  Float32Array.from(randomValues(count, where), (value) => value * scale);

let folder: string;
let pool: SessionPool;
const paths = new Map<string, Promise<string>>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-gradients-"));
  pool = new SessionPool({ device: "cpu", threads: 2 });
});
afterAll(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

describe.each(rows)("$checkpoint, clip skip $clipSkip", { timeout: 120_000 }, (row) => {
  const vectors = hashed(3 * 64, { seed: 900, number: 0 }, 1.2);
  const stack = { firstRow: new Map([[NAME, 0]]), vectors: 3, data: vectors };
  let model: DiffusionModel;
  let embeddings: EmbeddingIndex;
  beforeAll(async () => {
    // Written only once, because a file that a session maps must not be written again.
    const written = paths.get(row.checkpoint) ?? writeReferenceCheckpoint(folder, row.checkpoint);
    paths.set(row.checkpoint, written);
    const path = await written;
    const checkpoint = await openCheckpoint({ name: row.checkpoint, path, shortHash: null });
    model = new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
    embeddings = new EmbeddingIndex(loadClipTokenizer(checkpoint.dialect), [{ name: NAME, vectors: 3 }]);
  }, 120_000);

  test("loss and gradient of a step", async () => {
    const [clean, noise] = [0, 1].map((number) => hashed(2 * LENGTH, { seed: 77, number }, 1.7)) as [
      Float32Array,
      Float32Array,
    ];
    const latents = new Float32Array(2 * LENGTH);
    for (const [i, timestep] of row.timesteps.entries()) {
      const own = { noise: noise.subarray(i * LENGTH, (i + 1) * LENGTH), timestep };
      const { noiseSchedule } = model.checkpoint;
      latents.set(addNoise(noiseSchedule, clean.subarray(i * LENGTH, (i + 1) * LENGTH), own), i * LENGTH);
    }
    const prompts = chunkBatch(row.prompts, embeddings);
    const batch = {
      prompts,
      latents,
      timesteps: Float32Array.from(row.timesteps),
      noise,
      grid: GRID,
      clipSkip: row.clipSkip,
    };
    const { loss, gradient } = await lossAndGradient(model, batch, stack);
    expect(Math.abs(loss - row.loss) / row.loss).toBeLessThan(1e-4);
    const largest = Math.max(...row.gradient.map(Math.abs));
    expect(gradient).toHaveLength(row.gradient.length);
    expect(Math.max(...row.gradient.map((value, i) => Math.abs(value - gradient[i]!))) / largest).toBeLessThan(1e-3);
  });

  test("the loss at fixed noise equals the training's loss, for both prediction types", async () => {
    const { chunks } = chunkPrompt(embeddings.tokenizer, `a photo of ${NAME}`, { embeddings });
    const goOn = () => Promise.resolve(true);
    const conditioning = await model.encodePrompt(chunks, new Map([[NAME, vectors]]), row);
    const measured = (await fixedLoss(model, fourPictures(), { conditioning, goOn }))!;
    expect(Math.abs(measured - row.fixedLoss) / row.fixedLoss).toBeLessThan(1e-4);
    const trained = (await fixedTrainingLoss(model, fourPictures(), { stack, chunks, batchSize: 2, ...row, goOn }))!;
    expect(Math.abs(trained - row.fixedLoss) / row.fixedLoss).toBeLessThan(1e-4);
  });
});

/** Posteriors as if pictures had been encoded. */
function fourPictures(): Dataset {
  const means = hashed(4 * LENGTH, { seed: 78, number: 0 }, 5);
  const pictures = [0, 1, 2, 3].map((i) => {
    const mean = means.slice(i * LENGTH, (i + 1) * LENGTH);
    return { file: `${i}.png`, caption: "", posterior: { mean, std: new Float32Array(LENGTH) } };
  });
  return { pictures, grid: GRID, skipped: [], latent: () => new Float32Array(LENGTH) };
}
