/** @file Loss and rate of trainings: in memory while the server runs, from the run's CSV afterwards. */
import { dirname, join } from "node:path";
import type { JobResults, MetricPoint } from "@lexeme/domain/jobs";
import { readLossLog } from "@lexeme/data-folder";

/** What the route promises. */
const MAX_ANSWER = 5000;
/** Beyond this every second point goes: a chart is at most a few thousand pixels wide. */
const MAX_KEPT = 40_000;
/** Trainings whose points stay in memory after they ended. */
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
    if (kept.length > MAX_KEPT) this.#points.set(jobId, everyNth(kept, 2));
  }

  /** By step, at most 5,000, first and last among them. */
  async get(jobId: string, results: JobResults): Promise<MetricPoint[]> {
    const live = this.#points.get(jobId);
    const points = live ?? (await fromRun(results));
    // An attempt that goes on from a copy does some steps again; the later word counts.
    const bySteps = new Map(points.map((point) => [point.step, point]));
    const ordered = [...bySteps.values()].toSorted((a, b) => a.step - b.step);
    return thin(ordered, MAX_ANSWER);
  }

  remove(jobId: string): void {
    this.#points.delete(jobId);
  }
}

/** At most `limit` of the points, evenly chosen, the last one always. */
export function thin(points: readonly MetricPoint[], limit: number): MetricPoint[] {
  if (points.length <= limit) return [...points];
  const kept = everyNth(points, Math.ceil(points.length / (limit - 1)));
  const last = points.at(-1);
  return last === undefined || kept.at(-1) === last ? kept : [...kept, last];
}

function everyNth(points: readonly MetricPoint[], n: number): MetricPoint[] {
  return points.filter((_, index) => index % n === 0);
}

/** The run's folder as the results name it, or as its copies lie in it. */
async function fromRun({ folder, artifacts }: JobResults): Promise<MetricPoint[]> {
  const copy = artifacts.find(({ kind }) => kind === "copy" || kind === "preview");
  const runFolder = folder ?? (copy === undefined ? undefined : join(dirname(copy.path), ".."));
  return runFolder === undefined ? [] : readLossLog(runFolder);
}
