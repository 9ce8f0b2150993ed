/** @file Guidance by prompts of different lengths on the demo's UNet: one session if that costs little, and always the same numbers. */
import { TorchGenerator } from "@lexeme/core";
import { afterAll, expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../../test/demo-world.ts";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { constantConditioning } from "../prompt/prompt-conditioning.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { guidedNoise } from "./guidance.ts";

/** Guidance is the same for every sampler. */
const EULER = { samplerName: "Euler", scheduleType: "Automatic", steps: 1 } as const;
const pool = new SessionPool({ device: "cpu", threads: 2 });
afterAll(() => pool.dispose());

test("calls with and without the negative prompt alternate in one session", async () => {
  await pool.dispose();
  const checkpoint = await openCheckpoint({ name: "demo", path: DEMO_CHECKPOINT, shortHash: null });
  const model = new DiffusionModel(checkpoint, pool, { attention: "fused", widenTable: false });
  const grid = { height: 8, width: 8 };
  const generator = new TorchGenerator(4);
  const text = (tokens: number) => ({ tokens, data: generator.randn(tokens * checkpoint.sizes.textWidth) });
  const plain = {
    conditional: [{ weight: 1, segments: constantConditioning(text(77)) }],
    unconditional: constantConditioning(text(154)),
    cfgScale: 3,
    ...EULER,
    grid,
  };
  const request = { ...plain, minUncondSigma: 9 };
  const call = { level: 5, sigma: 5, x: generator.randn(2 * model.latentLength(grid)), timestep: 500 };
  const [both, positive] = [
    await guidedNoise(model, request, { call: { ...call, index: 0 } }),
    await guidedNoise(model, request, { call: { ...call, index: 1 } }),
  ];
  expect(pool.openKeys).toEqual([expect.stringContaining("154 tokens")]);
  const expected = [
    await guidedNoise(model, plain, { call: { ...call, index: 0 } }),
    await guidedNoise(model, { ...plain, cfgScale: 1 }, { call: { ...call, index: 1 } }),
  ] as const;
  for (const [found, right] of [
    [both, expected[0]],
    [positive, expected[1]],
  ] as const) {
    const largest = Math.max(...right.map(Math.abs));
    expect(Math.max(...found.map((value, i) => Math.abs(value - right[i]!)))).toBeLessThan(1e-4 * largest);
  }
}, 60_000);

test.each([
  [[1], 2, ["154"]],
  [[1, 3], 2, ["462"]],
  [[5], 6, ["385", "462"]],
])(
  "chunks of %j and of %i",
  async (positives, negative, sessions) => {
    await pool.dispose();
    const checkpoint = await openCheckpoint({ name: "demo", path: DEMO_CHECKPOINT, shortHash: null });
    const model = new DiffusionModel(checkpoint, pool, { attention: "fused", widenTable: false });
    const grid = { height: 8, width: 8 };
    const generator = new TorchGenerator(3);
    const text = (chunks: number) => {
      const tokens = 77 * chunks;
      return { tokens, data: generator.randn(tokens * checkpoint.sizes.textWidth) };
    };
    const [parts, u] = [positives.map(text), text(negative)];
    const x = generator.randn(2 * model.latentLength(grid));
    const request = {
      conditional: parts.map((part) => ({ weight: 0.7, segments: constantConditioning(part) })),
      unconditional: constantConditioning(u),
      cfgScale: 3,
      ...EULER,
      grid,
    };
    const call = { index: 0, level: 5, sigma: 5, x, timestep: 500 };
    const guided = await guidedNoise(model, request, { call });
    const opened = pool.openKeys.filter((key) => key.includes("|unet|")).map((key) => /(\d+) tokens/.exec(key)![1]);
    expect(opened).toEqual(sessions);

    const alone = async (conditioning: { tokens: number; data: Float32Array }) =>
      model.predictNoise({
        latents: x,
        timesteps: Float32Array.of(500, 500),
        conditionings: [conditioning, conditioning],
        grid,
      });
    const longest = Math.max(...parts.map(({ tokens }) => tokens));
    // A shorter part repeats its last row, as in A1111.
    const { textWidth } = checkpoint.sizes;
    const c: Float32Array[] = [];
    for (const { tokens, data } of parts) {
      const longer = new Float32Array(longest * textWidth);
      for (let row = 0; row < longest; row++) {
        const from = Math.min(row, tokens - 1) * textWidth;
        longer.set(data.subarray(from, from + textWidth), row * textWidth);
      }
      c.push(await alone({ tokens: longest, data: longer }));
    }
    const without = await alone(u);
    const expected = without.map((value, i) => c.reduce((sum, part) => sum + 0.7 * 3 * (part[i]! - value), value));
    const largest = Math.max(...expected.map(Math.abs));
    expect(Math.max(...guided.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-4 * largest);
    expect(Math.max(...c[0]!.map((value, i) => Math.abs(value - without[i]!)))).toBeGreaterThan(1e-2 * largest);
  },
  60_000,
);
