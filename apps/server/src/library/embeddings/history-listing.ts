/** @file The history that a page gets: the state of each run, the losses that can be compared, the best copy and the copy in use. */
import type { EmbeddingHistory as ReadHistory, HistoryRun, PresentEmbedding } from "@lexeme/data-folder";
import type { EmbeddingHistory, HistoryRun as ListedRun } from "@lexeme/protocol";

export interface HistoryFacts extends PresentEmbedding {
  readonly copiedFrom: EmbeddingHistory["copiedFrom"];
}

/** The best copy is one of the present embedding's runs, if it has any. */
export function describeHistory(
  { runs, own, currentCopy }: ReadHistory,
  { running, file, copiedFrom }: HistoryFacts,
): EmbeddingHistory {
  const ownRuns = runs.filter(({ folder }) => own.has(folder));
  const compared = ownRuns.length > 0 ? ownRuns : runs;
  const measuredOn = compared.flatMap(({ fixedLosses }) => fixedLosses).at(-1)?.measuredOn;
  const comparable = compared
    .flatMap(({ copies }) => copies)
    .flatMap(({ path, fixedLoss }) => (fixedLoss?.measuredOn === measuredOn && fixedLoss ? [{ path, fixedLoss }] : []));
  const [best] = comparable.toSorted((a, b) => a.fixedLoss.value - b.fixedLoss.value);
  const loss = (one: { value: number; measuredOn: string }) => ({
    value: one.value,
    isComparable: one.measuredOn === measuredOn,
  });
  return {
    ownSince: file === undefined ? 0 : Math.min(...ownRuns.map(({ startedAt }) => startedAt), file.modifiedAt),
    copiedFrom,
    runs: runs.map((run) => ({
      folder: run.folder,
      isEarlier: !own.has(run.folder),
      state: stateOf(run, running),
      startedAt: run.startedAt,
      endedAt: run.ending?.at ?? null,
      message: run.ending?.message ?? null,
      jobs: [...run.jobs],
      from: run.from,
      initialStep: run.initialStep,
      lastStep: run.lastStep,
      steps: run.steps,
      replaced: run.ending?.replaced ?? null,
      points: [...run.points],
      fixedLosses: run.fixedLosses.map((one) => ({ step: one.step, ...loss(one) })),
      copies: run.copies.map(({ fixedLoss, ...copy }) => ({ ...copy, fixedLoss: fixedLoss && loss(fixedLoss) })),
      previews: [...run.previews],
    })),
    currentCopy,
    bestCopy: comparable.length < 2 ? null : best!.path,
  };
}

function stateOf({ ending, isKept, jobs }: HistoryRun, running: ReadonlySet<string>): ListedRun["state"] {
  if (ending !== null) return ending.how;
  if (jobs.some((id) => running.has(id))) return "running";
  if (isKept) return "kept";
  return jobs.length > 0 ? "interrupted" : "unknown";
}
