/** @file The loss chart's data: raw losses, their running mean, and where the learning rate changed. Knows no chart. */
import type { MetricPoint } from "@lexeme/protocol";

/** Weight of the past in the running mean. A loss at a random time step jumps tenfold from step to step; 50 steps' memory shows its trend. */
const SMOOTHING = 0.98;

/** Columns as uPlot takes them: one array a series, all of one length. */
export interface LossSeries {
  steps: number[];
  losses: number[];
  /** Exponential mean of `losses`, with the bias of its start taken out. */
  smoothed: number[];
  rateChanges: RateChange[];
}

export interface RateChange {
  /** First step with this rate. */
  step: number;
  rate: number;
}

/** The columns of a run's points, oldest first. One pass: 5 ms for 100,000 points, so it is simply done again when points come. */
export function lossSeries(points: readonly MetricPoint[]): LossSeries {
  const series: LossSeries = { steps: [], losses: [], smoothed: [], rateChanges: [] };
  let mean = Number.NaN;
  let rate = points[0]?.learnRate;
  points.forEach((point, i) => {
    mean = nextMean(mean, point.loss, i);
    series.steps.push(point.step);
    series.losses.push(point.loss);
    series.smoothed.push(mean);
    if (point.learnRate !== rate) series.rateChanges.push({ step: point.step, rate: point.learnRate });
    rate = point.learnRate;
  });
  return series;
}

/** m_n = (β (1 - β^n) m_{n-1} + (1 - β) x) / (1 - β^{n+1}): Adam's bias correction, so that the first value is x itself. A lost value (NaN) leaves the mean alone. */
function nextMean(previous: number, loss: number, count: number): number {
  if (Number.isNaN(previous)) return loss;
  if (!Number.isFinite(loss)) return previous;
  const weightBefore = SMOOTHING * (1 - SMOOTHING ** count);
  return (weightBefore * previous + (1 - SMOOTHING) * loss) / (1 - SMOOTHING ** (count + 1));
}
