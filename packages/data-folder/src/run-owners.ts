/** @file Which runs of a name belong to the embedding that has the name now: its vectors show it, because another embedding may have had the name before. */
import type { StepFile } from "./run-folder.ts";
import type { EmbeddingState } from "./run-folders.ts";
import type { RunEnding } from "./run-record.ts";

/** The facts about a run that decide to which embedding it belongs; those of `HistoryRun`. */
interface OwnedRun {
  readonly folder: string;
  readonly startedAt: number;
  readonly jobs: readonly string[];
  readonly isKept: boolean;
  readonly from: { readonly folder: string } | null;
  readonly initialStep: number;
  readonly steps: number | null;
  readonly ending:
    | (Pick<RunEnding, "at" | "how" | "step"> & { readonly replaced: { readonly folder: string } | null })
    | null;
  readonly copies: readonly StepFile[];
}

/** The embedding that has the name now. */
export interface PresentEmbedding {
  /** Its state and the time of the last change of its file, in milliseconds since the epoch; undefined if no embedding has the name. */
  readonly file: (EmbeddingState & { readonly modifiedAt: number }) | undefined;
  /** Ids of the running jobs. A running training will write the file. */
  readonly running: ReadonlySet<string>;
}

/** Folders of runs. */
export interface OwnRuns {
  /** The runs that belong to the present embedding; all runs if there is none. */
  readonly own: ReadonlySet<string>;
  /** The own runs that get the embedding's new name with its file. */
  readonly following: ReadonlySet<string>;
}

/**
 * The runs that belong to the present embedding: the run that has a copy of its vectors (`holder`), the running training, and all runs
 * that are connected with these, because one continued from a copy of the other or replaced a copy of the other. If no run has a copy of the
 * vectors, one that may have written them or may have begun with them counts. A training from a copy of an earlier embedding that did not reach its
 * end belongs to the present one too, for which it was started; the earlier embedding's runs then do not follow a rename. Without an embedding, all
 * runs belong together.
 */
export function runsOfPresent(
  runs: readonly OwnedRun[],
  { file, running }: PresentEmbedding,
  holder: string | undefined,
): OwnRuns {
  if (file === undefined) {
    const all = new Set(foldersOf(runs));
    return { own: all, following: all };
  }
  const first =
    holder ??
    runs.findLast((run) => !hasCopyNear(run, file.step) && (mayHaveWritten(run, file) || mayHaveBegunWith(run, file)))
      ?.folder;
  const seeds = foldersOf(runs.filter((run) => run.folder === first || run.jobs.some((id) => running.has(id))));
  const certain = connected(runs, seeds);
  // Another file had the name later than this one, for example if this one is from the bin or from elsewhere: a branch may have been started for that file.
  const hadAnother = runs.some((run) => !certain.has(run.folder) && (wroteFileAt(run) ?? 0) > file.modifiedAt);
  const branches = hadAnother ? [] : foldersOf(runs.filter((run) => isUnfinishedBranch(run, file)));
  return { own: connected(runs, [...seeds, ...branches]), following: new Set([...certain, ...branches]) };
}

function foldersOf(runs: readonly OwnedRun[]): string[] {
  return runs.map(({ folder }) => folder);
}

type PresentFile = NonNullable<PresentEmbedding["file"]>;

/** If the run has a copy of this step, its vectors are others. The number in the name of A1111's copy is one higher than the number of trained steps. */
function hasCopyNear({ copies }: OwnedRun, step: number): boolean {
  return copies.some((copy) => Math.abs(copy.step - step) <= 1);
}

/** A1111 writes no copy of its last step. Lexeme does, but the copy may be deleted. */
function mayHaveWritten(run: OwnedRun, { step, modifiedAt }: PresentFile): boolean {
  if (step === 0 || modifiedAt < run.startedAt) return false;
  if (run.jobs.length > 0) return run.ending?.step === step;
  return !run.isKept && step >= (run.copies.at(-1)?.step ?? run.initialStep) && step <= (run.steps ?? Infinity);
}

/** A run that was interrupted before its end leaves the file unchanged, and A1111 writes no copy of the first state. */
function mayHaveBegunWith(run: OwnedRun, { step, modifiedAt }: PresentFile): boolean {
  return run.from === null && !run.isKept && run.initialStep === step && modifiedAt <= run.startedAt;
}

function isUnfinishedBranch(run: OwnedRun, { modifiedAt }: PresentFile): boolean {
  const { from, jobs, startedAt } = run;
  return from !== null && jobs.length > 0 && wroteFileAt(run) === undefined && startedAt >= modifiedAt;
}

/** When the run wrote the embedding's file, which a training does at its end. */
function wroteFileAt({ ending }: OwnedRun): number | undefined {
  return ending?.how === "finished" || ending?.how === "stopped" ? ending.at : undefined;
}

function connected(runs: readonly OwnedRun[], seeds: readonly string[]): ReadonlySet<string> {
  const neighbours = new Map(runs.map(({ folder }) => [folder, [] as string[]]));
  /** A run may have continued from a run of another word, which stays that word's. */
  const connect = (a: string, b: string | undefined): void => {
    if (b === undefined || !neighbours.has(b)) return;
    neighbours.get(a)!.push(b);
    neighbours.get(b)!.push(a);
  };
  for (const { folder, from, ending } of runs) {
    connect(folder, from?.folder);
    connect(folder, ending?.replaced?.folder);
  }
  const found = new Set<string>();
  const waiting = [...seeds];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    waiting.push(...(neighbours.get(folder) ?? []));
  }
  return found;
}
