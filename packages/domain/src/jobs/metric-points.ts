/** @file Makes a long list of losses short without changing the means that are taken over it. */
import type { MetricPoint } from "./job.ts";

/**
 * At most `limit` of the points (at least 2), evenly chosen, always with the first and the last. Each keeps its own loss, and in `merged` the
 * mean of the losses that were left out before it.
 */
export function thinPoints(points: readonly MetricPoint[], limit: number): MetricPoint[] {
  if (points.length <= limit) return [...points];
  const every = Math.ceil((points.length - 1) / (limit - 1));
  const kept: MetricPoint[] = [];
  for (let from = 0; from < points.length;) {
    const to = from === 0 ? 1 : Math.min(points.length, from + every);
    kept.push(mergedPoint(points.slice(from, to)));
    from = to;
  }
  return kept;
}

/** The losses that a point stands for. */
export function lossesOf({ loss, merged }: MetricPoint): { count: number; mean: number } {
  return merged ?? { count: 1, mean: loss };
}

/** The last of the points, in place of all of them. Losses that are not numbers do not count. */
function mergedPoint(points: readonly MetricPoint[]): MetricPoint {
  const last = points.at(-1)!;
  if (points.length === 1) return last;
  const parts = points.map(lossesOf).filter(({ mean }) => Number.isFinite(mean));
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const sum = parts.reduce((total, part) => total + part.mean * part.count, 0);
  return count === 0 ? last : { ...last, merged: { count, mean: sum / count } };
}
