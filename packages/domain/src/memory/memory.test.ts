/** @file Predictions of memory beside measured values, and the plans that follow from them. */
import { describe, expect, test } from "vitest";
import { TrainSettingsSchema } from "../settings/train-settings.ts";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { trainingMemory, txt2imgMemory } from "./job-memory.ts";
import { decodesInBands, planUnet, usableBytes } from "./memory-plan.ts";
import { trainingMemoryProblem, txt2imgMemoryProblem } from "./memory-problem.ts";
import {
  BASE_BYTES,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
  type NetworkSizes,
} from "./network-memory.ts";

/** The sizes that `formats` reads from SD 1.5 in half precision. */
const SD15: NetworkSizes = {
  textParameters: 85115136,
  unetParameters: 859520964,
  decoderParameters: 49490179,
  encoderParameters: 34163592,
  unetChannels: 320,
  unetHeads: 8,
  decoderChannels: 384,
  encoderChannels: 128,
  vaeFactor: 8,
  isWidened: true,
};
/** The sizes of the demo's checkpoint. */
const DEMO: NetworkSizes = {
  textParameters: 605005,
  unetParameters: 12634244,
  decoderParameters: 2420227,
  encoderParameters: 1463976,
  unetChannels: 64,
  unetHeads: 2,
  decoderChannels: 96,
  encoderChannels: 32,
  vaeFactor: 8,
  isWidened: true,
};

const PREDICTIONS = {
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
};
const NETWORKS = { "SD 1.5": SD15, demo: DEMO } as const;

/** Peak gigabytes of a process that did only this work, measured by `packages/engine/bench/memory.ts` on two cores. */
const MEASURED = [
  ["SD 1.5", "textEncoderBytes", 512, 1, 0.49],
  ["SD 1.5", "unetBytes", 256, 2, 6.59],
  ["SD 1.5", "unetBytes", 512, 1, 6.62],
  ["SD 1.5", "unetBytes", 768, 2, 6.62],
  ["SD 1.5", "unetBytes", 1024, 1, 6.63],
  ["SD 1.5", "decoderBytes", 512, 1, 1.95],
  ["SD 1.5", "decoderBytes", 1024, 1, 7.34],
  ["SD 1.5", "bandedDecoderBytes", 512, 1, 0.87],
  ["SD 1.5", "bandedDecoderBytes", 1024, 1, 2.12],
  ["SD 1.5", "encoderBytes", 512, 1, 0.93],
  ["SD 1.5", "bandedEncoderBytes", 512, 1, 0.63],
  ["SD 1.5", "trainingBytes", 256, 1, 5.25],
  ["SD 1.5", "trainingBytes", 256, 2, 5.89],
  ["SD 1.5", "trainingBytes", 384, 1, 6.79],
  ["SD 1.5", "trainingBytes", 512, 1, 9.99],
  ["demo", "unetBytes", 512, 2, 0.34],
  ["demo", "unetBytes", 1024, 2, 0.76],
  ["demo", "decoderBytes", 512, 1, 0.53],
  ["demo", "decoderBytes", 1024, 1, 1.72],
  ["demo", "bandedDecoderBytes", 1024, 1, 0.84],
  ["demo", "encoderBytes", 1024, 1, 0.79],
  ["demo", "bandedEncoderBytes", 1024, 1, 0.66],
  ["demo", "trainingBytes", 256, 1, 0.31],
  ["demo", "trainingBytes", 256, 4, 0.59],
  ["demo", "trainingBytes", 512, 1, 1.05],
] as const;
/** The gigabytes that the UNet holds after it is open. */
const KEPT = [
  ["SD 1.5", 512, 1, 4.34],
  ["SD 1.5", 512, 2, 4.66],
  ["SD 1.5", 1024, 1, 5.49],
  ["demo", 1024, 2, 0.76],
] as const;

describe("a prediction is never below the measured value, nor more than a quarter above it", () => {
  test.each(MEASURED)("%s, %s at %i, batch %i", (checkpoint, name, side, batch, measured) => {
    const predicted = BASE_BYTES + PREDICTIONS[name](NETWORKS[checkpoint], { width: side, height: side, batch }).peak;
    expectClose(predicted / 1e9, measured);
  });

  test.each(KEPT)("what the UNet of %s keeps at %i, batch %i", (checkpoint, side, batch, measured) => {
    const { kept } = unetBytes(NETWORKS[checkpoint], { width: side, height: side, batch });
    expectClose((BASE_BYTES + kept) / 1e9, measured);
  });
});

function expectClose(predicted: number, measured: number): void {
  expect(predicted).toBeGreaterThanOrEqual(measured);
  expect(predicted).toBeLessThanOrEqual(measured * 1.25);
}

const drawing = (some: Partial<Txt2imgSettings>): Txt2imgSettings => Txt2imgSettingsSchema.parse(some);

test("the UNet takes as much of a batch at once as fits, always an equal part of it", () => {
  const size = { width: 1024, height: 1024, batch: 12 };
  const rowsIn = (gigabytes: number) => planUnet(SD15, size, gigabytes * 1e9).rows;
  expect(rowsIn(100)).toBe(12);
  const taken = Array.from({ length: 60 }, (_, i) => rowsIn(7 + i / 2));
  expect(new Set(taken)).toEqual(new Set([1, 2, 3, 4, 6, 12]));
  expect(taken).toEqual(taken.toSorted((a, b) => a - b));
  // Too little memory for even one latent: the plan still gives one, and the memory check refuses the job.
  expect(planUnet(SD15, size, 1e9)).toMatchObject({ rows: 1, weights: "mapped" });
});

test("weights that cannot be packed are mapped, which opens in less memory", () => {
  const size = { width: 512, height: 512, batch: 2 };
  expect(planUnet(SD15, size, 8e9)).toMatchObject({ rows: 2, weights: "packed" });
  const lean = planUnet(SD15, size, 6e9);
  expect(lean).toMatchObject({ rows: 2, weights: "mapped" });
  expect(planUnet(SD15, size, 5e9)).toMatchObject({ rows: 1, weights: "mapped" });
  for (const [side, measured] of [
    [512, 4.76],
    [1024, 5.8],
  ] as const) {
    const { peak } = unetBytes(SD15, { width: side, height: side, batch: 1 }, "mapped");
    expectClose((BASE_BYTES + peak) / 1e9, measured);
  }
});

test("the VAE works in bands if the whole VAE would close the UNet", () => {
  const at = (side: number) => ({ width: side, height: side, batch: 1 });
  const machine = (gigabytes: number) => usableBytes(gigabytes * 2 ** 30);
  expect([512, 768, 1024, 2048].map((side) => decodesInBands(SD15, at(side), machine(16)))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([512, 1024, 2048].map((side) => decodesInBands(SD15, at(side), machine(32)))).toEqual([false, false, true]);
  expect(decodesInBands(SD15, at(512), machine(8))).toBe(true);
});

describe("the memory of a job", () => {
  // Measured in a process that did the whole job, on a machine with 25 GB.
  test.each([
    ["demo", 0.28, { width: 128, height: 128 }],
    ["demo", 0.91, { width: 512, height: 512, batchSize: 2 }],
    ["demo", 3.59, { width: 512, height: 512, enableHr: true, hrUpscaler: "Lanczos" }],
    ["SD 1.5", 7.17, { width: 512, height: 512 }],
  ] as const)("on %s %f GB as measured, at most a quarter more is predicted: %o", (checkpoint, measured, settings) => {
    const { peakBytes } = txt2imgMemory(NETWORKS[checkpoint], drawing(settings), usableBytes(25.28e9));
    expectClose(peakBytes / 1e9, measured);
  });

  const usable = usableBytes(16 * 2 ** 30);

  test("grows with size, batch and hires fix, and is limited by the machine", () => {
    const peak = (some: Partial<Txt2imgSettings>) => txt2imgMemory(SD15, drawing(some), 200e9).peakBytes / 1e9;
    expect(peak({})).toBeGreaterThan(6.6);
    expect(peak({})).toBeLessThan(8);
    expect(peak({ width: 1024, height: 1024 })).toBeGreaterThan(peak({}) + 4);
    expect(peak({ batchSize: 8 })).toBeGreaterThan(peak({}) + 2);
    expect(peak({ enableHr: true, hrScale: 2 })).toBeGreaterThan(peak({ width: 1024, height: 1024 }));
    // A grid of 100 megapixels is made; a grid of 400 is not.
    expect(peak({ nIter: 100, width: 1024, height: 1024 })).toBeCloseTo(peak({ width: 1024, height: 1024 }) + 0.315, 2);
    expect(peak({ nIter: 100, width: 2048, height: 2048 })).toBe(peak({ width: 2048, height: 2048 }));
    expect(txt2imgMemory(SD15, drawing({ batchSize: 8, width: 768 }), usable)).toMatchObject({ fits: true });
  });

  test("a drawing that cannot fit is told a size that fits", () => {
    const huge = drawing({ width: 2048, height: 1024 });
    expect(txt2imgMemoryProblem(SD15, huge, usable)).toBeNull();
    const problem = txt2imgMemoryProblem(SD15, huge, 7e9);
    expect(problem?.field).toBe("width");
    const [, need, width, height] = /^Needs (\S+) GB of memory, and 7\.0 GB can be used: draw at (\d+) × (\d+)$/.exec(
      problem!.message,
    )!;
    expect(Number(need)).toBeGreaterThan(7);
    expect(Number(width) / Number(height)).toBeCloseTo(2, 0);
    expect(txt2imgMemoryProblem(SD15, drawing({ width: Number(width), height: Number(height) }), 7e9)).toBeNull();
  });

  test("with hires fix the scale is the setting to change, unless the first pass is too large already", () => {
    const problem = txt2imgMemoryProblem(SD15, drawing({ enableHr: true, hrScale: 4 }), 7e9)!;
    expect(problem.field).toBe("hrScale");
    const [, scale] = /upscale by (\S+)$/.exec(problem.message)!;
    expect(Number(scale)).toBeLessThan(4);
    expect(txt2imgMemoryProblem(SD15, drawing({ enableHr: true, hrScale: Number(scale) }), 7e9)).toBeNull();
    expect(txt2imgMemoryProblem(SD15, drawing({ enableHr: true, width: 2048, height: 2048 }), 7e9)?.field).toBe(
      "width",
    );
  });

  test("a checkpoint that is too large for any size says so", () => {
    expect(txt2imgMemoryProblem(SD15, drawing({}), 4e9)?.message).toMatch(/choose a smaller checkpoint/);
  });

  test("a training is told its batch size first, then its size", () => {
    const training = (some: object) =>
      TrainSettingsSchema.parse({ embeddingName: "mira", dataRoot: "/photos", createImageEvery: 0, ...some });
    expect(trainingMemory(SD15, training({}), usable).fits).toBe(true);
    expect(trainingMemoryProblem(SD15, training({ batchSize: 8 }), usable)).toMatchObject({
      field: "batchSize",
      message: expect.stringMatching(/train with batch size 1, and more gradient accumulation steps$/),
    });
    expect(trainingMemoryProblem(SD15, training({}), 7.5e9)).toMatchObject({
      field: "trainingWidth",
      message: expect.stringMatching(/^Needs 1\d\.\d GB of memory, and 7\.5 GB can be used: train at 384 × 384$/),
    });
  });
});
