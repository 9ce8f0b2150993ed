/** @file The history of an embedding, read from the folders of its runs: losses, copies with their pictures, and the beginning and end of each run. */
import { ifAbsent } from "@lexeme/core";
import { thinPoints, type MetricPoint } from "@lexeme/domain/jobs";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inStepOrder, lossLogPath, readLossLog } from "./loss-log.ts";
import { readRunSettings, runPathOf, type RunFolder, type StepFile } from "./run-folder.ts";
import { findCopyIn, type RunFolders } from "./run-folders.ts";
import { runsOfPresent, type OwnRuns, type PresentEmbedding } from "./run-owners.ts";
import { readRunRecord, type FixedLoss, type RunEnding, type RunPoint } from "./run-record.ts";

/** A copy that is or was in the folder of a run. */
export interface HistoryPoint {
  readonly folder: string;
  readonly step: number;
}

interface HistoryCopy extends StepFile {
  /** Path of the preview of the same step. */
  readonly previewPath: string | null;
  readonly fixedLoss: FixedLoss | null;
}

/** All runs of a name, of which some may have trained an earlier embedding with this name. `Run`: the facts about each. */
export interface EmbeddingHistory<Run = HistoryRun> extends OwnRuns {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Path of the copy with the embedding's present vectors; null if no run has one. */
  readonly currentCopy: string | null;
}

export interface HistoryRun {
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Ids of the jobs that wrote into the folder, oldest first; empty if A1111 or an earlier version wrote it. */
  readonly jobs: readonly string[];
  readonly isKept: boolean;
  /** The copy of another run from which this run continues. */
  readonly from: HistoryPoint | null;
  readonly initialStep: number;
  readonly lastStep: number;
  /** Max steps; null if they are unknown. */
  readonly steps: number | null;
  /** Null while the run goes on, after a kill, and for a run without a record. */
  readonly ending: (Omit<RunEnding, "replaced"> & { readonly replaced: HistoryPoint | null }) | null;
  /** Sorted by step, always with the first and the last point. */
  readonly points: readonly MetricPoint[];
  /** Sorted by step, like the copies and previews. */
  readonly fixedLosses: readonly FixedLoss[];
  readonly copies: readonly HistoryCopy[];
  readonly previews: readonly StepFile[];
}

/** The most points of all runs together: a chart is at most a few thousand pixels wide. */
const MAX_POINTS = 4000;
/** The limit for the points of one run is never lower than this, however many runs there are. */
const MIN_POINTS = 50;
/** The most runs whose losses are remembered. */
const MAX_KNOWN = 500;

export class EmbeddingHistories {
  readonly #runs: RunFolders;
  readonly #known = new Map<string, { version: string; points: MetricPoint[] }>();

  constructor(runs: RunFolders) {
    this.#runs = runs;
  }

  /** The runs of an embedding, oldest first. Throws LexemeError `FILE_UNREADABLE` if a folder cannot be read. */
  async read(embedding: string): Promise<HistoryRun[]> {
    return this.#readAll(await this.#runs.folders(embedding));
  }

  /** The runs of the embedding's name, and which of them belong to the present embedding. Throws the errors of `read`. */
  async of(embedding: string, present: PresentEmbedding): Promise<EmbeddingHistory> {
    const folders = await this.#runs.folders(embedding);
    return withOwners(await this.#readAll(folders), folders, present);
  }

  /** The history of the embedding whose name these runs have, without the losses: these are most of what a run's folder has to be read. Throws the errors of `read`. */
  async withoutLosses(
    folders: readonly RunFolder[],
    present: PresentEmbedding,
  ): Promise<EmbeddingHistory<RunWithoutLosses>> {
    const runs = await Promise.all(folders.map((folder) => this.#readRun(folder)));
    // Only the losses say how far a run of A1111 went.
    const known = runs.some(needsGuess) ? await Promise.all(runs.map((run) => this.#addPoints(run))) : runs;
    return withOwners(withBeginnings(known), folders, present);
  }

  async #readAll(folders: readonly RunFolder[]): Promise<HistoryRun[]> {
    const read = await Promise.all(folders.map(async (folder) => this.#addPoints(await this.#readRun(folder))));
    const all = read.reduce((sum, { points }) => sum + points.length, 0);
    return withBeginnings(read).map((run) => ({
      ...run,
      points: thinPoints(run.points, Math.max(MIN_POINTS, Math.floor((MAX_POINTS * run.points.length) / all))),
    }));
  }

  async #addPoints(run: ReadRun) {
    const points = await this.#points(run.folder);
    return { ...run, points, lastStep: Math.max(run.lastStep, points.at(-1)?.step ?? 0) };
  }

  /** Without the losses, which may have reached a later step. */
  async #readRun(run: RunFolder): Promise<ReadRun> {
    const [facts, record, settings] = await Promise.all([
      run.facts(),
      readRunRecord(run.path),
      readRunSettings(run.path),
    ]);
    const { beginnings, ending, fixedLosses, kept } = record;
    const [begun] = beginnings;
    const { copies, previews } = facts;
    const initialStep = begun?.step ?? kept?.step ?? settings.first.initialStep ?? 0;
    return {
      folder: run.path,
      startedAt: begun?.at ?? kept?.at ?? facts.startedAt,
      jobs: beginnings.map(({ job }) => job),
      isKept: kept !== undefined && begun === undefined,
      from: this.#place(begun?.from),
      resumedFrom: settings.first.resumedFrom,
      initialStep,
      lastStep: Math.max(initialStep, ending?.step ?? 0, copies.at(-1)?.step ?? 0),
      steps: beginnings.at(-1)?.steps ?? settings.last.steps ?? null,
      ending: ending === undefined ? null : { ...ending, replaced: this.#place(ending.replaced) },
      fixedLosses,
      copies: copies.map((copy) => ({
        ...copy,
        previewPath: previews.find(({ step }) => step === copy.step)?.path ?? null,
        fixedLoss: fixedLosses.find(({ step }) => step === copy.step) ?? null,
      })),
      previews,
    };
  }

  #place(point: RunPoint | null | undefined): HistoryPoint | null {
    return point ? { folder: this.#runs.folderOf(point), step: point.step } : null;
  }

  /** The log grows during a training and is requested after every copy, so it is read again only if it has changed. */
  async #points(folder: string): Promise<MetricPoint[]> {
    const status = await ifAbsent(stat(lossLogPath(folder)), undefined);
    const version = status === undefined ? "" : `${status.size}:${status.mtimeMs}`;
    const known = this.#known.get(folder);
    if (known?.version === version) return known.points;
    const points = thinPoints(inStepOrder(await readLossLog(folder)), MAX_POINTS);
    this.#known.delete(folder);
    this.#known.set(folder, { version, points });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return points;
  }
}

type RunWithoutLosses = Omit<HistoryRun, "points">;

type ReadRun = RunWithoutLosses & { readonly resumedFrom: string | undefined };

async function withOwners<Run extends RunWithoutLosses>(
  runs: readonly Run[],
  folders: readonly RunFolder[],
  present: PresentEmbedding,
): Promise<EmbeddingHistory<Run>> {
  const copy = present.file === undefined ? undefined : await findCopyIn(folders, present.file);
  return { runs, ...runsOfPresent(runs, present, copy?.runFolder), currentCopy: copy?.path ?? null };
}

/** Oldest first, each with its recorded or its probable beginning. */
function withBeginnings<Run extends ReadRun>(runs: readonly Run[]): Run[] {
  const sorted = runs.toSorted((a, b) => a.startedAt - b.startedAt);
  return sorted.map((run, i) => ({ ...run, from: run.from ?? guessedBeginning(run, sorted.slice(0, i)) }));
}

/** Whether the run continued from another one and has no record of it. */
function needsGuess({ initialStep, jobs, isKept, from }: ReadRun): boolean {
  return from === null && initialStep > 0 && jobs.length === 0 && !isKept;
}

/** The probable beginning of a run without a record: in the run that its settings name, else in the newest earlier run that reached its first step. */
function guessedBeginning(run: ReadRun, earlier: readonly ReadRun[]): HistoryPoint | null {
  if (!needsGuess(run)) return null;
  const { initialStep, resumedFrom } = run;
  // The folders may have been moved since then.
  const named = resumedFrom === undefined ? undefined : folderEnd(runPathOf(resumedFrom));
  const found =
    earlier.find(({ folder }) => folderEnd(folder) === named) ??
    earlier.findLast((one) => one.lastStep === initialStep || one.copies.some(({ step }) => step === initialStep));
  return found === undefined ? null : { folder: found.folder, step: initialStep };
}

/** The last two parts of the path: the day and the folder's name. */
function folderEnd(folder: string): string {
  return join(basename(dirname(folder)), basename(folder));
}
