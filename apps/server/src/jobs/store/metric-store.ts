/** @file Losses and learning rates of trainings: in memory while the server runs, from the run's CSV file afterwards. */
import { thinPoints, type JobResults, type MetricPoint } from "@lexeme/domain/jobs";
import { inStepOrder, readLossLog, runPathOf } from "@lexeme/data-folder";

/** The most points that the route answers with. */
const MAX_ANSWER = 5000;
/** Above this number the points of a training are made half as many: a chart is at most a few thousand pixels wide. */
const MAX_KEPT = 40_000;
/** The number of trainings whose points stay in memory. */
const MAX_JOBS = 8;

export class MetricStore {
  readonly #points = new Map<string, MetricPoint[]>();

  add(jobId: string, points: readonly MetricPoint[]): void {
    let kept = this.#points.get(jobId);
    if (kept === undefined) {
      kept = [];
      this.#points.set(jobId, kept);
      const [oldest] = this.#points.keys();
      if (this.#points.size > MAX_JOBS && oldest !== undefined) this.#points.delete(oldest);
    }
    kept.push(...points);
    if (kept.length > MAX_KEPT) this.#points.set(jobId, thinPoints(kept, MAX_KEPT / 2));
  }

  /** At most 5,000 points in the order of their steps, with the first and the last point. */
  async get(jobId: string, results: JobResults): Promise<MetricPoint[]> {
    const live = this.#points.get(jobId);
    const points = live ?? (await fromRun(results));
    return thinPoints(inStepOrder(points), MAX_ANSWER);
  }

  remove(jobId: string): void {
    this.#points.delete(jobId);
  }
}

/** Reads the points of a run. The results name its folder, or their copies lie in it. */
async function fromRun({ folder, artifacts }: JobResults): Promise<MetricPoint[]> {
  const copy = artifacts.find(({ kind }) => kind === "copy" || kind === "preview");
  const runFolder = folder ?? (copy === undefined ? undefined : runPathOf(copy.path));
  return runFolder === undefined ? [] : readLossLog(runFolder);
}
