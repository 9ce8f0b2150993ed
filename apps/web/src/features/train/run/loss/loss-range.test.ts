/** @file The range of the loss axis for few, many and outlying losses. */
import { expect, test } from "vitest";
import { lossRange } from "./loss-range.ts";
import { lossSeries } from "./loss-series.ts";

const seriesOf = (...losses: number[]) =>
  lossSeries(losses.map((loss, i) => ({ step: i + 1, loss, learnRate: 0.005 })));
const whole = { others: [], from: 0, to: Infinity, isLog: false };

test.each([
  ["no loss", []],
  ["one loss", [0.0146]],
  ["two losses", [0.01, 0.1747]],
  ["fifty losses", Array.from({ length: 50 }, (_, i) => (i % 7) / 7)],
  [
    "eight hundred losses as a training has them",
    Array.from({ length: 800 }, (_, i) => (i % 97 === 0 ? 1.3 : (i % 13) / 15)),
  ],
])("%s: the whole line is inside", (_, losses) => {
  const { min, max, highest } = lossRange({ series: seriesOf(...losses), ...whole });
  expect(min).toBe(0);
  expect(max).toBeGreaterThan(Math.max(0, ...losses));
  expect(max).toBeLessThanOrEqual(Math.max(1, ...losses) * 1.05);
  expect(highest).toBeNull();
});

test("a loss far above all others does not flatten them, and is told", () => {
  const losses = Array.from({ length: 400 }, (_, i) => (i === 200 ? 37 : (i % 10) / 10));
  const { max, highest } = lossRange({ series: seriesOf(...losses), ...whole });
  expect(max).toBeLessThan(2);
  expect(highest).toBe(37);
  // Out of sight it is not told.
  expect(lossRange({ series: seriesOf(...losses), ...whole, to: 100 }).highest).toBeNull();
});

test("the smoothed lines of all runs are inside, whatever the raw losses are", () => {
  const { max } = lossRange({ series: seriesOf(0.1, 0.1, 0.1), ...whole, others: [seriesOf(0.9, 0.9)] });
  expect(max).toBeGreaterThan(0.9);
});

test("a logarithmic axis has room for the lowest and the highest loss, and needs none below 0", () => {
  const { min, max, highest } = lossRange({ series: seriesOf(0.003, 0, 1.4, 20), ...whole, isLog: true });
  expect(min).toBeLessThan(0.003);
  expect(min).toBeGreaterThan(0.001);
  expect(max).toBeGreaterThan(20);
  expect(max).toBeLessThan(30);
  expect(highest).toBeNull();
});
