/** @file The chart's data: means without a start bias, going back to a copy, history joined to live points. */
import { describe, expect, it } from "vitest";
import { appendPoints, emptyLossSeries, rateChanges } from "./loss-series.ts";

function points(from: number, to: number, learnRate = 0.005) {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ step: from + i, loss: 0.1 + (i % 2) * 0.02, learnRate }));
}

describe("appendPoints", () => {
  it("keeps the mean of a constant loss constant from the first step", () => {
    const series = emptyLossSeries();
    appendPoints(
      series,
      Array.from({ length: 300 }, (_, i) => ({ step: i + 1, loss: 0.25, learnRate: 1 })),
    );
    for (const mean of series.smoothed) expect(mean).toBeCloseTo(0.25, 12);
  });

  it("weighs the first two losses almost alike, as the bias correction must", () => {
    const series = emptyLossSeries();
    appendPoints(series, [
      { step: 1, loss: 0, learnRate: 1 },
      { step: 2, loss: 1, learnRate: 1 },
    ]);
    expect(series.smoothed[1]).toBeCloseTo(1 / 1.98, 10);
  });

  it("drops what lies after a copy that the training went back to", () => {
    const series = emptyLossSeries();
    appendPoints(series, points(1, 120));
    appendPoints(series, points(101, 105));
    expect(series.steps.at(-1)).toBe(105);
    expect(series.steps).toHaveLength(105);
    expect(series.smoothed).toHaveLength(105);
  });

  it("survives a loss that is not a number", () => {
    const series = emptyLossSeries();
    appendPoints(series, [...points(1, 3), { step: 4, loss: Number.NaN, learnRate: 1 }, ...points(5, 6)]);
    expect(series.smoothed.every(Number.isFinite)).toBe(true);
  });
});

it("names the first step of each new rate", () => {
  const series = emptyLossSeries();
  appendPoints(series, [...points(1, 100, 0.05), ...points(101, 500, 0.005), ...points(501, 600, 0.0005)]);
  expect(rateChanges(series)).toEqual([
    { step: 101, rate: 0.005 },
    { step: 501, rate: 0.0005 },
  ]);
});
