/** @file The demo's networks with little memory: parts of a batch and bands of a picture give the same numbers. */
import { TorchGenerator } from "@lexeme/core";
import { emptyChunk } from "@lexeme/tokenizer";
import { afterAll, expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../../test/demo-world.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { DiffusionModel } from "./diffusion-model.ts";

const OPTIONS = { attention: "fused", widenTable: false } as const;
const pools: SessionPool[] = [];
afterAll(async () => {
  for (const pool of pools) await pool.dispose();
});

async function modelWith(usableBytes: number, control?: { cancelled: AbortSignal; stopping: AbortSignal }) {
  const pool = new SessionPool({ device: "cpu", threads: 2 }, usableBytes);
  pools.push(pool);
  const checkpoint = await openCheckpoint({ name: "demo", path: DEMO_CHECKPOINT, shortHash: null });
  return new DiffusionModel(checkpoint, pool, control === undefined ? OPTIONS : { ...OPTIONS, control });
}

test("prompts that do not fit into one batch are computed in parts, with the same result", async () => {
  const grid = { height: 32, width: 32 };
  const generator = new TorchGenerator(3);
  const roomy = await modelWith(4e9);
  const { textWidth } = roomy.checkpoint.sizes;
  const query = {
    latents: generator.randn(6 * roomy.latentLength(grid)),
    timesteps: Float32Array.of(900, 700, 500, 300, 100, 1),
    conditionings: Array.from({ length: 6 }, () => ({ tokens: 77, data: generator.randn(77 * textWidth) })),
    grid,
  };
  const whole = await roomy.predictNoise(query);
  expect(roomy.pool.openKeys).toEqual([expect.stringContaining("|unet|77 tokens, packed|6x32x32")]);
  for (const [usable, rows, weights] of [
    [0.3e9, 3, "packed"],
    [0.1e9, 1, "mapped"],
  ] as const) {
    const tight = await modelWith(usable);
    const parts = await tight.predictNoise(query);
    expect(tight.pool.openKeys).toEqual([expect.stringContaining(`|unet|77 tokens, ${weights}|${rows}x32x32`)]);
    expect(difference(parts, whole)).toBeLessThan(1e-4 * largest(whole));
  }
  expect(difference(whole.subarray(0, 100), whole.subarray(whole.length - 100))).toBeGreaterThan(0.1);
});

test("a picture that does not fit is decoded and encoded in bands, within 2 of 255 of the whole", async () => {
  const grid = { height: 80, width: 72 };
  const [roomy, tight] = [await modelWith(4e9), await modelWith(0.6e9)];
  const latent = new TorchGenerator(5).randn(roomy.latentLength(grid));
  const whole = await roomy.decode(latent, grid);
  expect(roomy.pool.openKeys).toEqual([expect.stringContaining("|vae|decoder|1x80x72")]);
  const banded = await tight.decode(latent, grid);
  expect(tight.pool.openKeys).toEqual([]);
  // -1 to 1 are 255 levels; the difference is far below one.
  expect(difference(banded, whole) * 127.5).toBeLessThan(0.1);
  expect(largest(whole)).toBeGreaterThan(0.5);
}, 120_000);

test("with tiling too, bands give the numbers of the whole", async () => {
  const grid = { height: 80, width: 72, tiling: true };
  const [roomy, tight] = [await modelWith(4e9), await modelWith(0.6e9)];
  const latent = new TorchGenerator(5).randn(roomy.latentLength(grid));
  const whole = await roomy.decode(latent, grid);
  expect(roomy.pool.openKeys).toEqual([expect.stringContaining("|vae|decoder|1x80x72|tiling")]);
  expect(difference(await tight.decode(latent, grid), whole) * 127.5).toBeLessThan(0.1);
  expect(difference(await roomy.decode(latent, { height: 80, width: 72 }), whole)).toBeGreaterThan(0.05);
  expect(tight.pool.openKeys).toEqual([]);
}, 180_000);

test("a cancel takes effect between bands", async () => {
  const cancel = new AbortController();
  const control = { cancelled: cancel.signal, stopping: new AbortController().signal };
  const tight = await modelWith(0.6e9, control);
  const grid = { height: 80, width: 72 };
  const decoding = tight.decode(new Float32Array(tight.latentLength(grid)), grid);
  setTimeout(() => cancel.abort(new Error("enough")), 50);
  await expect(decoding).rejects.toThrow("enough");
  expect(tight.pool.openKeys).toEqual([]);
}, 60_000);

test("a cancel takes effect between the chunks of a long prompt", async () => {
  const cancel = new AbortController();
  const model = await modelWith(4e9, { cancelled: cancel.signal, stopping: new AbortController().signal });
  await model.encodePrompt([emptyChunk()], new Map());
  const encoding = model.encodePrompt(Array.from({ length: 500 }, emptyChunk), new Map());
  setTimeout(() => cancel.abort(new Error("enough")), 10);
  await expect(encoding).rejects.toThrow("enough");
});

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
