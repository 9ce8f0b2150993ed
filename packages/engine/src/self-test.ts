/** @file Compares a device's results with the CPU's on a small checkpoint: a picture, one training step and each network. */
import type { Device } from "@lexeme/domain/jobs";
import { openCheckpoint } from "./checkpoint/checkpoint.ts";
import { DiffusionModel } from "./checkpoint/diffusion-model.ts";
import { graphOptionsFor } from "./graph-options.ts";
import { drawPlainPicture, encodePlainPrompt, plainGradient, plainLatent, predictPlainNoise } from "./plain-work.ts";
import type { SelfTestPart } from "./self-test-parts.ts";
import { SessionPool } from "./sessions/session-pool.ts";

/** 64 x 64 pixels: large enough for every level of the networks. */
const GRID = { width: 8, height: 8 } as const;
const STEPS = 3;

const COMPUTATIONS: Record<SelfTestPart, (model: DiffusionModel) => Promise<Float32Array>> = {
  "text encoder": async (model) => (await encodePlainPrompt(model, "a photo of a (woman:1.2)")).data,
  UNet: (model) => predictPlainNoise(model, GRID),
  "VAE encoder": encodeGradient,
  "VAE decoder": (model) => model.decode(plainLatent(model, GRID), GRID),
  picture: (model) => drawPlainPicture(model, { grid: GRID, steps: STEPS }),
  gradient: (model) => plainGradient(model, GRID),
};

export interface SelfTestOptions {
  readonly device: Device;
  readonly threads: number;
  readonly checkpointPath: string;
}

/** For each part, the largest difference from the CPU's result divided by the largest value of that result. */
export async function selfTest<Part extends SelfTestPart>(
  options: SelfTestOptions,
  parts: readonly Part[],
): Promise<Record<Part, number>> {
  const expected = await compute(parts, { ...options, device: "cpu" });
  const found = await compute(parts, options);
  return Object.fromEntries(
    parts.map((part) => [part, relativeError(found.get(part)!, expected.get(part)!)]),
  ) as Record<Part, number>;
}

async function compute<Part extends SelfTestPart>(
  parts: readonly Part[],
  { device, threads, checkpointPath }: SelfTestOptions,
): Promise<Map<Part, Float32Array>> {
  const pool = new SessionPool({ device, threads });
  try {
    const checkpoint = await openCheckpoint({ name: "self-test", path: checkpointPath, shortHash: null });
    const model = new DiffusionModel(checkpoint, pool, graphOptionsFor(device));
    const results = new Map<Part, Float32Array>();
    for (const part of parts) results.set(part, await COMPUTATIONS[part](model));
    return results;
  } finally {
    await pool.dispose();
  }
}

/** The encoder's mean for a picture in which each colour changes from dark to bright in a different direction. */
async function encodeGradient(model: DiffusionModel): Promise<Float32Array> {
  const side = GRID.width * model.checkpoint.sizes.vaeFactor;
  const picture = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (const [colour, place] of [x, y, side - 1 - x].entries()) {
        picture[(colour * side + y) * side + x] = (2 * place) / (side - 1) - 1;
      }
    }
  }
  return (await model.encode(picture, GRID)).mean;
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
