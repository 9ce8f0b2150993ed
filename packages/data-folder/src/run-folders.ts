/** @file The log directory, A1111's `textual_inversion`: a folder for each day, with a folder for each run. */
import { LexemeError, codeOf, ifAbsent } from "@lexeme/core";
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { fileNameOf } from "./file-name.ts";
import { loadEmbeddingFile, MAX_EMBEDDING_BYTES } from "./embedding-file.ts";
import { folderNames, readRegularFile } from "./folder-walk.ts";
import { localDay } from "./local-date.ts";
import { readOptimizerFile, type OptimizerFile } from "./optimizer-file.ts";
import { numberOfRun, RunFolder, type RunFacts, type StepFile } from "./run-folder.ts";
import { embeddingOfRun, isRunName, isRunOf, mayBeRunOf } from "./run-name.ts";
import { readRunRecord, RunRecord, type RunPoint } from "./run-record.ts";
import { folderFault, makeFolder, writeWholeFile } from "./whole-file.ts";

const DAY = /^\d{4}-\d\d-\d\d$/u;

export interface NewRun {
  readonly embeddingName: string;
  /** Folder of the run from which this run continues. */
  readonly resumedFolder: string | undefined;
  readonly initialStep: number;
  readonly now: Date;
}

/** A state of an embedding to search for. */
export interface EmbeddingState {
  readonly step: number;
  readonly vectors: Float32Array;
}

/** A copy with the state that was searched for, and the embedding and the folder of the copy's run. */
export interface FoundCopy extends StepFile {
  readonly embedding: string;
  readonly runFolder: string;
}

export class RunFolders {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The runs of one embedding, or all runs, newest first. Throws the errors of `ifAbsent` if the log directory, a day or a folder that may be a run of
   * `embedding` cannot be read; a list of all runs leaves out an unreadable run.
   */
  async list(embedding?: string): Promise<RunFacts[]> {
    const folders = await this.folders(embedding);
    const runs = await Promise.all(folders.map((run) => unlessOfOthers(embedding, run.facts())));
    return runs
      .filter((run) => run !== undefined)
      .toSorted((a, b) => b.startedAt - a.startedAt || compareFolders(b.folder, a.folder));
  }

  /** The folders of one embedding's runs, or of all runs, in the order of days and numbers. Throws the errors of `list`. */
  async folders(embedding?: string): Promise<RunFolder[]> {
    const days = await folderNames(this.#path);
    const found = await Promise.all(days.map((day) => foldersOfDay(join(this.#path, day), embedding)));
    return found.flat().toSorted((a, b) => compareFolders(a.path, b.path));
  }

  /**
   * The folder to write a run into. A run that continues from another run's last copy stays in that run's folder, unless that run's
   * embedding was renamed since. If the folder of any other run is taken, the run gets `<name> (2)`, and so on, so that it does not replace another
   * run's copies. Throws LexemeError `FOLDER_NOT_WRITABLE`.
   */
  async open(run: NewRun): Promise<RunFolder> {
    const folder = (await this.#folderToStayIn(run)) ?? (await this.#newFolder(run));
    await folder.prepare();
    return folder;
  }

  /**
   * The optimizer's state for these vectors in any run of the embedding, newest first. If a run continues from the finished or stopped
   * embedding itself, only the vectors show which run they came from.
   */
  async findOptimizer(
    embedding: string,
    { step, vectors }: EmbeddingState,
  ): Promise<(OptimizerFile & { runFolder: string }) | undefined> {
    for (const run of (await this.folders(embedding)).toReversed()) {
      const saved = await run.savedOptimizer(step);
      const found = saved === undefined ? undefined : await readOptimizerFile(saved, vectors);
      if (found) return { ...found, runFolder: run.path };
    }
    return undefined;
  }

  /** The copy with exactly these vectors in the newest run that has one: of the embedding, or of any. Throws the errors of `list`. */
  async findCopy(embedding: string | undefined, state: EmbeddingState): Promise<FoundCopy | undefined> {
    return findCopyIn(await this.folders(embedding), state);
  }

  /**
   * Makes sure, before the embedding's file at `path` is replaced, that some run has a copy of its vectors, and returns this copy. If no run has
   * one, the file becomes the only copy in a new folder. Undefined if the file is absent or cannot be read as an embedding. Throws the errors of
   * `writeWholeFile`.
   */
  async keep(embedding: string, path: string, now: Date): Promise<FoundCopy | undefined> {
    const bytes = await readRegularFile(path, MAX_EMBEDDING_BYTES);
    const state = await loadEmbeddingFile({ name: embedding, path }).catch(unlessUnreadable);
    if (bytes === undefined || state === undefined) return undefined;
    const known = await this.findCopy(embedding, state);
    if (known !== undefined) return known;
    const { step } = state;
    const { path: runFolder } = await this.#newFolder({ embeddingName: embedding, now });
    const copy = join(runFolder, "embeddings", `${fileNameOf(embedding)}-${step}${extname(path)}`);
    await makeFolder(dirname(copy));
    await writeWholeFile(copy, bytes, { replace: false });
    const record = await RunRecord.open(runFolder);
    await record.keep({ at: now.getTime(), embedding, step });
    return { step, path: copy, embedding, runFolder };
  }

  /** The newest folder that a job wrote into; undefined if it wrote into none. Throws the errors of `list`. */
  async ofJob(embedding: string, job: string): Promise<RunFolder | undefined> {
    for (const run of (await this.folders(embedding)).toReversed()) {
      const { beginnings } = await readRunRecord(run.path);
      if (beginnings.some((beginning) => beginning.job === job)) return run;
    }
    return undefined;
  }

  /** A copy of a run as a record names it: relative to the log directory, which may be moved. Null for a copy outside this directory. */
  async pointOf({ runFolder, step }: Pick<FoundCopy, "runFolder" | "step">): Promise<RunPoint | null> {
    const run = await this.#nameOf(runFolder);
    return run === undefined ? null : { run, step };
  }

  /** The folder of the run that a record names. */
  folderOf({ run }: RunPoint): string {
    return join(this.#path, run);
  }

  async #nameOf(runFolder: string): Promise<string | undefined> {
    const [inside, root] = await Promise.all([real(runFolder), real(this.#path)]);
    const name = relative(root, inside);
    return name.startsWith("..") || isAbsolute(name) ? undefined : name.split(sep).join("/");
  }

  async #folderToStayIn({ embeddingName, resumedFolder, initialStep }: NewRun): Promise<RunFolder | undefined> {
    if (resumedFolder === undefined) return undefined;
    if ((await this.#nameOf(resumedFolder)) === undefined) return undefined;
    // The files of a run have one name. After a rename, an embedding of the old name may also write a folder of this name.
    if (!isRunName(basename(resumedFolder), embeddingName)) return undefined;
    // A rename gives the run to another embedding, and this name may be a new embedding's since.
    const own = await foldersOfDay(dirname(resumedFolder), embeddingName);
    if (!own.some(({ path }) => basename(path) === basename(resumedFolder))) return undefined;
    const folder = new RunFolder(resumedFolder, embeddingName);
    return (await folder.copies()).some(({ step }) => step > initialStep) ? undefined : folder;
  }

  async #newFolder({ embeddingName, now }: Pick<NewRun, "embeddingName" | "now">): Promise<RunFolder> {
    const day = join(this.#path, localDay(now));
    await makeFolder(day);
    const name = fileNameOf(embeddingName);
    for (let number = 1; ; number++) {
      const path = join(day, number === 1 ? name : `${name} (${number})`);
      try {
        await mkdir(path);
        return new RunFolder(path, embeddingName);
      } catch (cause) {
        if (codeOf(cause) !== "EEXIST") throw folderFault(path, cause);
      }
    }
  }
}

/** The copy with exactly these vectors in the last of these runs that has one. Throws the errors of `RunFolders.list`. */
export async function findCopyIn(
  runs: readonly RunFolder[],
  { step, vectors }: EmbeddingState,
): Promise<FoundCopy | undefined> {
  for (const run of runs.toReversed()) {
    // The number in the name of A1111's copy is one higher than the number of trained steps.
    const near = (await run.copies()).filter((copy) => Math.abs(copy.step - step) <= 1);
    for (const copy of near.toReversed()) {
      if (await holds(copy.path, vectors)) return { ...copy, embedding: run.embeddingName, runFolder: run.path };
    }
  }
  return undefined;
}

async function holds(copy: string, vectors: Float32Array): Promise<boolean> {
  const found = await loadEmbeddingFile({ name: basename(copy), path: copy }).catch(unlessUnreadable);
  return (
    found !== undefined && found.vectors.length === vectors.length && found.vectors.every((x, i) => x === vectors[i])
  );
}

/** Undefined for a file that cannot be read as an embedding; other failures are thrown again. */
function unlessUnreadable(cause: unknown): undefined {
  if (cause instanceof LexemeError) return undefined;
  throw cause;
}

function real(path: string): Promise<string> {
  return ifAbsent(realpath(path), path);
}

/** The run folders of a day. If only one embedding's runs are wanted, only the file of a rename is read in folders with other names: a day may hold hundreds. */
async function foldersOfDay(day: string, embedding: string | undefined): Promise<RunFolder[]> {
  const names = new Set(await runNames(day));
  const found = await Promise.all(
    [...names].map(async (name) => {
      const path = join(day, name);
      if (embedding !== undefined && !(await mayBeRunOf(path, embedding))) return [];
      const run = await unlessOfOthers(embedding, embeddingOfRun(path, names));
      const isMeant = run !== undefined && (embedding === undefined || isRunOf(run, embedding));
      // The names of copies and previews contain the name in the settings, which may differ in case from the requested name.
      return isMeant ? [new RunFolder(path, run.isStated ? run.name : (embedding ?? run.name))] : [];
    }),
  );
  return found.flat();
}

/** The result of `reading`; undefined if it is unreadable and the runs of all embeddings are wanted. */
async function unlessOfOthers<T>(embedding: string | undefined, reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((cause: unknown) => {
    if (embedding === undefined && cause instanceof LexemeError) return undefined;
    throw cause;
  });
}

/** Only a folder with the name of a day must be readable: a disk's `lost+found` holds no runs. */
async function runNames(day: string): Promise<string[]> {
  try {
    return await folderNames(day);
  } catch (cause) {
    if (DAY.test(basename(day))) throw cause;
    return [];
  }
}

/** By day, then by name, then by number. */
function compareFolders(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => ({ day: dirname(path), ...numberOfRun(basename(path)) }));
  return compare(first!.day, second!.day) || compare(first!.base, second!.base) || first!.number - second!.number;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
