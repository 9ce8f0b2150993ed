/** @file The range of the loss axis: the whole smoothed line is in it, and every raw loss but a few that would flatten all others. */
import type { LossSeries } from "./loss-series.ts";

export interface LossRange {
  min: number;
  max: number;
  /** The highest of the raw losses above `max`; null if there are none. */
  highest: number | null;
}

export interface ShownLosses {
  series: LossSeries;
  /** The runs beside the line of the chart, of which only the smoothed losses are drawn. */
  others: readonly LossSeries[];
  /** The steps in sight. */
  from: number;
  to: number;
  isLog: boolean;
}

/** A raw loss is left above the chart only if it is this many times as high as nearly all others. */
const OUTLIER = 2;
/** The share of the raw losses that is "nearly all". */
const BULK = 0.985;
/** The number of losses from which the share is taken; more would cost time at every drawing and change nothing. */
const MOST_SAMPLES = 2000;
/** Room above the highest loss. */
const HEADROOM = 1.05;
/** Room around the lowest and the highest loss of a logarithmic axis. */
const LOG_ROOM = 1.25;

/** The range for the losses in sight. A linear axis begins at 0; a logarithmic one has room for all losses above 0. */
export function lossRange({ series, others, from, to, isLog }: ShownLosses): LossRange {
  const raw = lossesBetween(series.steps, series.losses, { from, to });
  const lines = [series, ...others].flatMap(({ steps, smoothed }) => lossesBetween(steps, smoothed, { from, to }));
  const highest = maximum(raw);
  const highestLine = maximum(lines);
  if (isLog) return logRange([...raw, ...lines]);
  const bulk = quantile(raw, BULK);
  const isFlattened = highest > OUTLIER * bulk && bulk > 0;
  const max = Math.max(isFlattened ? OUTLIER * bulk : highest, highestLine) * HEADROOM;
  if (!(max > 0)) return { min: 0, max: 1, highest: null };
  return { min: 0, max, highest: highest > max ? highest : null };
}

function logRange(losses: readonly number[]): LossRange {
  const positive = losses.filter((loss) => loss > 0);
  if (positive.length === 0) return { min: 0.1, max: 1, highest: null };
  return { min: minimum(positive) / LOG_ROOM, max: maximum(positive) * LOG_ROOM, highest: null };
}

function lossesBetween(
  steps: readonly number[],
  losses: readonly number[],
  sight: { from: number; to: number },
): number[] {
  return losses.filter((loss, i) => {
    const step = steps[i] ?? -Infinity;
    return Number.isFinite(loss) && step >= sight.from && step <= sight.to;
  });
}

/** The loss that the given share of all losses does not exceed; 0 without losses. */
function quantile(losses: readonly number[], share: number): number {
  const every = Math.max(1, Math.floor(losses.length / MOST_SAMPLES));
  const sample = losses.filter((_, i) => i % every === 0).toSorted((a, b) => a - b);
  return sample[Math.ceil((sample.length - 1) * share)] ?? 0;
}

// Math.max with a hundred thousand arguments would exceed the stack.
function maximum(losses: readonly number[]): number {
  return losses.reduce((most, loss) => Math.max(most, loss), 0);
}

function minimum(losses: readonly number[]): number {
  return losses.reduce((least, loss) => Math.min(least, loss), Infinity);
}
