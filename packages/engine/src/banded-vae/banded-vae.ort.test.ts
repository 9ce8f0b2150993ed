/** @file Compares the VAE in bands with the whole networks, on the demo's weights and on small random weights. */
import { TorchGenerator } from "@lexeme/core";
import { LATENT_SCALE } from "@lexeme/networks";
import { liveSessionCount, openSession } from "@lexeme/runtime";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { DEMO_CHECKPOINT } from "../../test/demo-world.ts";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { decodeInBands, encodeInBands } from "./banded-vae.ts";

const RANDOM_CHECKPOINT = fileURLToPath(new URL("../../../networks/fixtures/small-sd1.safetensors", import.meta.url));
/** The tolerance for float32 sums in another order. */
const TOLERANCE = 2e-4;

const pool = new SessionPool({ device: "cpu", threads: 2 });
afterAll(() => pool.dispose());

async function open(path: string) {
  const checkpoint = await openCheckpoint({ name: "vae", path, shortHash: null });
  const model = new DiffusionModel(checkpoint, pool, { attention: "fused", widenTable: false });
  let bands = 0;
  const ports = {
    weights: checkpoint.weights,
    attention: "fused",
    open: (graph: Parameters<typeof openSession>[0]) => openSession(graph, { purpose: "inference", threads: 2 }),
    onBand: async () => void bands++,
  } as const;
  return { model, ports, bandCount: () => bands };
}

describe.each([
  ["demo", DEMO_CHECKPOINT],
  ["random", RANDOM_CHECKPOINT],
])("the %s VAE", (_, path) => {
  // One band for the whole picture, many bands, and bands of one row; sizes that are not multiples of the bands.
  test.each([
    [{ height: 8, width: 8 }, 2 ** 30],
    [{ height: 11, width: 7 }, 100_000],
    [{ height: 5, width: 9 }, 1],
    [{ height: 11, width: 7, tiling: true }, 100_000],
    [{ height: 5, width: 9, tiling: true }, 1],
  ])(
    "decoding and encoding in bands gives the result of the whole networks, %o, bands of %i bytes",
    async (grid, bandBytes) => {
      const { model, ports, bandCount } = await open(path);
      const before = liveSessionCount();
      const latent = new TorchGenerator(7).randn(model.latentLength(grid));
      const whole = await model.decode(latent, grid);
      const unscaled = latent.map((value) => value / LATENT_SCALE);
      const banded = await decodeInBands(unscaled, grid, { ...ports, bandBytes });
      expect(largest(whole)).toBeGreaterThan(0.1);
      expect(difference(banded, whole)).toBeLessThan(TOLERANCE * largest(whole));

      const picture = whole.map((value) => Math.min(Math.max(value, -1), 1));
      const size = { ...grid, height: grid.height * 8, width: grid.width * 8 };
      const posterior = await model.encode(picture, grid);
      const { mean, logvar } = await encodeInBands(picture, size, { ...ports, bandBytes });
      expect(difference(mean, posterior.mean)).toBeLessThan(TOLERANCE * largest(posterior.mean));
      expect(
        difference(
          logvar.map((value) => Math.exp(value / 2)),
          posterior.std,
        ),
      ).toBeLessThan(TOLERANCE * largest(posterior.std));
      if (bandBytes === 1) expect(bandCount()).toBeGreaterThan(500);
      // The pool keeps two sessions, of the whole networks. The sessions of the stages are closed.
      expect(liveSessionCount()).toBeLessThanOrEqual(before + 2);
    },
  );
});

test("a cancel between two bands ends the decoding and closes its sessions", async () => {
  const { model, ports } = await open(DEMO_CHECKPOINT);
  const grid = { height: 8, width: 8 };
  const before = liveSessionCount();
  let calls = 0;
  const onBand = async () => {
    if (++calls === 20) throw new Error("cancelled");
  };
  const decoding = decodeInBands(new Float32Array(model.latentLength(grid)), grid, {
    ...ports,
    onBand,
    bandBytes: 10_000,
  });
  await expect(decoding).rejects.toThrow("cancelled");
  expect(calls).toBe(20);
  expect(liveSessionCount()).toBe(before);
});

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
