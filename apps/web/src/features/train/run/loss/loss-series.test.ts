/** @file The chart's data: means without a start bias, and where the rate changes. */
import { thinPoints } from "@lexeme/domain/jobs";
import { expect, it } from "vitest";
import { lossSeries } from "./loss-series.ts";

function points(from: number, to: number, learnRate = 0.005) {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ step: from + i, loss: 0.1 + (i % 2) * 0.02, learnRate }));
}

it("keeps the mean of a constant loss constant from the first step", () => {
  const constant = Array.from({ length: 300 }, (_, i) => ({ step: i + 1, loss: 0.25, learnRate: 1 }));
  for (const mean of lossSeries(constant).smoothed) expect(mean).toBeCloseTo(0.25, 12);
});

it("weighs the first two losses almost alike, as the bias correction must", () => {
  const series = lossSeries([
    { step: 1, loss: 0, learnRate: 1 },
    { step: 2, loss: 1, learnRate: 1 },
  ]);
  expect(series.smoothed[1]).toBeCloseTo(1 / 1.98, 10);
});

it("ends at the same mean when the history has fewer points than the training had", () => {
  const all = Array.from({ length: 20_000 }, (_, i) => ({
    step: i + 1,
    loss: ((i * 7919) % 1000) / 1000,
    learnRate: 1,
  }));
  const fewer = lossSeries(thinPoints(thinPoints(all, 5000), 1000));
  const whole = lossSeries(all);
  expect(fewer.smoothed.length).toBeLessThanOrEqual(1000);
  const off = fewer.steps.map((step, i) => Math.abs(fewer.smoothed[i]! - whole.smoothed[step - 1]!));
  expect(Math.max(...off)).toBeLessThan(0.05);
});

it("survives a loss that is not a number", () => {
  const series = lossSeries([...points(1, 3), { step: 4, loss: Number.NaN, learnRate: 1 }, ...points(5, 6)]);
  expect(series.smoothed.every(Number.isFinite)).toBe(true);
  expect(series.steps).toEqual([1, 2, 3, 4, 5, 6]);
});

it("names the first step of each new rate", () => {
  const series = lossSeries([...points(1, 100, 0.05), ...points(101, 500, 0.005), ...points(501, 600, 0.0005)]);
  expect(series.rateChanges).toEqual([
    { step: 101, rate: 0.005 },
    { step: 501, rate: 0.0005 },
  ]);
});
