/** @file The line of runs that leads from step 0 to one run, and its steps, losses and previews as one history. */
import type { MetricPoint } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, HistoryRun } from "@lexeme/protocol";

/** A run and the last of its steps that belongs to the line. */
export interface LineagePart {
  run: HistoryRun;
  until: number;
}

export interface Preview {
  step: number;
  path: string;
}

/** The run that a history shows first: the running run, else the run of the copy in use, else the newest run that made steps. */
export function headRun({ runs, currentCopy }: EmbeddingHistory): HistoryRun | undefined {
  const steps = runs.filter(madeSteps);
  return (
    runs.findLast(({ state }) => state === "running") ??
    steps.find(({ copies }) => copies.some(({ path }) => path === currentCopy)) ??
    steps.at(-1) ??
    runs.at(-1)
  );
}

export function madeSteps({ initialStep, lastStep }: HistoryRun): boolean {
  return lastStep > initialStep;
}

/** The runs from step 0 to `head`, oldest first. Each run continues from a copy of the run before it. */
export function lineageOf(runs: readonly HistoryRun[], head: HistoryRun): LineagePart[] {
  const parts: LineagePart[] = [];
  const seen = new Set<string>();
  let run: HistoryRun | undefined = head;
  let until = head.lastStep;
  while (run !== undefined && !seen.has(run.folder)) {
    seen.add(run.folder);
    parts.unshift({ run, until });
    const { from }: HistoryRun = run;
    until = from?.step ?? 0;
    run = runs.find(({ folder }) => folder === from?.folder);
  }
  return parts;
}

/** Losses of the whole line by step; the points of a running training follow those of the runs before it. */
export function lineagePoints(parts: readonly LineagePart[], live: readonly MetricPoint[]): MetricPoint[] {
  const first = live[0]?.step ?? Infinity;
  const past = parts.flatMap(({ run, until }) => run.points.filter(({ step }) => step <= until && step < first));
  return [...past, ...live];
}

/** The losses outside the line: those of other runs, and those of its own runs after the copy from which the next run continued. */
export function otherPoints(runs: readonly HistoryRun[], parts: readonly LineagePart[]): (readonly MetricPoint[])[] {
  const ends = new Map(parts.map(({ run, until }) => [run, until]));
  return runs
    .map((run) => run.points.filter(({ step }) => step > (ends.get(run) ?? -1)))
    .filter((points) => points.length > 0);
}

/** Previews of the whole line by step; if a run repeats the last step of the run before it, its own picture is shown. */
export function lineagePreviews(parts: readonly LineagePart[]): Preview[] {
  const bySteps = new Map(
    parts.flatMap(({ run, until }) =>
      run.previews.filter(({ step }) => step <= until).map((preview) => [preview.step, preview] as const),
    ),
  );
  return [...bySteps.values()].toSorted((a, b) => a.step - b.step);
}

/** Steps at which a run of the line continued from a copy of the run before. */
export function branchSteps(parts: readonly LineagePart[]): number[] {
  return parts.slice(1).map(({ run }) => run.initialStep);
}

/** The first of the comparable losses at fixed noise, with which all later ones are compared; null if there is none. */
export function firstFixedLoss({ runs }: EmbeddingHistory): HistoryRun["fixedLosses"][number] | null {
  const losses = runs.flatMap(({ fixedLosses }) => fixedLosses).filter(({ isComparable }) => isComparable);
  return losses.toSorted((a, b) => a.step - b.step)[0] ?? null;
}
