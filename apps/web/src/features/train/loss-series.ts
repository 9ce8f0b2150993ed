/** @file The loss chart's data: raw losses, their running mean, and where the learning rate changed. Grows in place; knows no chart. */
import type { MetricPoint } from "@lexeme/protocol";

/** Weight of the past in the running mean. A loss at a random time step jumps tenfold from step to step; 50 steps' memory shows its trend. */
const SMOOTHING = 0.98;

/** Columns as uPlot takes them: one array a series, all of one length. */
export interface LossSeries {
  steps: number[];
  losses: number[];
  /** Exponential mean of `losses`, with the bias of its start taken out. */
  smoothed: number[];
  rates: number[];
}

export interface RateChange {
  /** First step with this rate. */
  step: number;
  rate: number;
}

export function emptyLossSeries(): LossSeries {
  return { steps: [], losses: [], smoothed: [], rates: [] };
}

/**
 * Adds points in place. A step that is there already means that the training went back to its last copy, so everything from
 * that step on is dropped first: the chart shows the run that counts.
 */
export function appendPoints(series: LossSeries, points: readonly MetricPoint[]): void {
  for (const point of points) {
    if (point.step <= (series.steps.at(-1) ?? -Infinity)) truncate(series, point.step);
    const count = series.steps.length;
    series.steps.push(point.step);
    series.losses.push(point.loss);
    series.rates.push(point.learnRate);
    series.smoothed.push(nextMean(series.smoothed[count - 1], point.loss, count));
  }
}

/** Steps at which the rate is another one than before, the first excluded. */
export function rateChanges(series: LossSeries): RateChange[] {
  return series.steps.flatMap((step, i) => {
    const rate = series.rates[i];
    return i > 0 && rate !== undefined && rate !== series.rates[i - 1] ? [{ step, rate }] : [];
  });
}

function truncate(series: LossSeries, step: number): void {
  let length = series.steps.length;
  while (length > 0 && (series.steps[length - 1] ?? -Infinity) >= step) length--;
  for (const column of [series.steps, series.losses, series.smoothed, series.rates]) column.length = length;
}

/** m_n = (β (1 - β^n) m_{n-1} + (1 - β) x) / (1 - β^{n+1}): Adam's bias correction, so that the first value is x itself. A lost value (NaN) leaves the mean alone. */
function nextMean(previous: number | undefined, loss: number, count: number): number {
  if (previous === undefined || Number.isNaN(previous)) return loss;
  if (!Number.isFinite(loss)) return previous;
  const weightBefore = SMOOTHING * (1 - SMOOTHING ** count);
  return (weightBefore * previous + (1 - SMOOTHING) * loss) / (1 - SMOOTHING ** (count + 1));
}
