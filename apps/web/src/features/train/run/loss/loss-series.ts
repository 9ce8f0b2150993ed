/** @file The loss chart's data: raw losses, their running mean, and where the learning rate changed. Knows no chart. The page has no other smoothed loss. */
import { lossesOf, type MetricPoint } from "@lexeme/domain/jobs";

/** Weight of the past in the running mean. A loss at a random time step jumps tenfold from step to step; 50 steps' memory shows its trend. */
const SMOOTHING = 0.98;

/** Columns as uPlot takes them: one array a series, all of one length. */
export interface LossSeries {
  steps: number[];
  losses: number[];
  /** Exponential mean of `losses`, corrected for the bias of its start. */
  smoothed: number[];
  rateChanges: RateChange[];
}

export interface RateChange {
  /** First step with this rate. */
  step: number;
  rate: number;
}

/** The columns of a run's points, oldest first. It goes over all points, so callers with many points call it only now and then. */
export function lossSeries(points: readonly MetricPoint[]): LossSeries {
  const series: LossSeries = { steps: [], losses: [], smoothed: [], rateChanges: [] };
  let rate = points[0]?.learnRate;
  // Adam's moving mean and bias correction: m = β m + (1 - β) x, shown as m / (1 - β^n), so that the first value is x itself.
  let moment = 0;
  let power = 1;
  for (const point of points) {
    const { step, loss, learnRate } = point;
    const { count, mean } = lossesOf(point);
    // A loss that is no number does not change the mean. A point that stands for several losses has the weight of all of them, so that a
    // history whose points were made fewer has the same mean as the training had.
    if (Number.isFinite(mean)) {
      const past = SMOOTHING ** count;
      moment = past * moment + (1 - past) * mean;
      power *= past;
    }
    series.steps.push(step);
    series.losses.push(loss);
    series.smoothed.push(power === 1 ? loss : moment / (1 - power));
    if (learnRate !== rate) series.rateChanges.push({ step, rate: learnRate });
    rate = learnRate;
  }
  return series;
}
