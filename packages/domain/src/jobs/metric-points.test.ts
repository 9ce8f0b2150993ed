/** @file Fewer points of a chart: which of them stay, and the means that must not change. */
import { expect, test } from "vitest";
import { lossesOf, thinPoints } from "./metric-points.ts";

const points = Array.from({ length: 1001 }, (_, i) => ({ step: i + 1, loss: (i * 37) % 100, learnRate: 0.005 }));
const meanOf = (some: readonly Parameters<typeof lossesOf>[0][]) => {
  const parts = some.map(lossesOf);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return { count, mean: parts.reduce((sum, part) => sum + part.mean * part.count, 0) / count };
};

test("a short list stays as it is", () => {
  expect(thinPoints(points, 1001)).toEqual(points);
  expect(thinPoints([], 10)).toEqual([]);
});

test.each([2, 3, 10, 333, 1000])(
  "at most %d points, the first and the last with their own losses, and the same mean",
  (limit) => {
    const thin = thinPoints(points, limit);
    expect(thin.length).toBeLessThanOrEqual(limit);
    expect(thin[0]).toEqual(points[0]);
    expect(thin.at(-1)).toMatchObject(points.at(-1)!);
    expect(meanOf(thin).count).toBe(1001);
    expect(meanOf(thin).mean).toBeCloseTo(meanOf(points).mean, 9);
    // A list that grows is made shorter again and again.
    expect(meanOf(thinPoints(thin, 5))).toEqual({ count: 1001, mean: expect.closeTo(meanOf(points).mean, 9) });
  },
);

test("a loss that is no number does not spoil the mean of its neighbours", () => {
  const [, merged] = thinPoints([...points.slice(0, 3), { step: 4, loss: Number.NaN, learnRate: 1 }], 2);
  expect(merged).toEqual({ step: 4, loss: Number.NaN, learnRate: 1, merged: { count: 2, mean: (37 + 74) / 2 } });
});
