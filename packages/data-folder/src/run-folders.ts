/** @file The log directory, A1111's `textual_inversion`: a folder for each day, with a folder for each run. */
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { LexemeError } from "@lexeme/core";
import { ifAbsent, codeOf } from "./absence.ts";
import { fileNameOf } from "./file-name.ts";
import { folderNames } from "./folder-walk.ts";
import { localDay } from "./local-date.ts";
import { readOptimizerFile, type OptimizerFile } from "./optimizer-file.ts";
import { embeddingOfRun, numberOfRun, RunFolder, type NamedRun, type RunFacts } from "./run-folder.ts";
import { folderFault, makeFolder } from "./whole-file.ts";

const DAY = /^\d{4}-\d\d-\d\d$/u;

export interface NewRun {
  readonly embeddingName: string;
  /** Folder of the run that this run continues. */
  readonly resumedFolder: string | undefined;
  readonly initialStep: number;
  readonly now: Date;
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
   * The folder to write a run into. A run that continues from another run's last copy stays in that run's folder. If the folder of any other run
   * is taken, the run gets `<name> (2)`, and so on, so that it does not replace another run's copies. Throws LexemeError `FOLDER_NOT_WRITABLE`.
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
    { step, vectors }: { step: number; vectors: Float32Array },
  ): Promise<(OptimizerFile & { runFolder: string }) | undefined> {
    for (const run of (await this.folders(embedding)).toReversed()) {
      const found = await readOptimizerFile(run.optimizerPath(step), vectors);
      if (found) return { ...found, runFolder: run.path };
    }
    return undefined;
  }

  async #folderToStayIn({ embeddingName, resumedFolder, initialStep }: NewRun): Promise<RunFolder | undefined> {
    if (resumedFolder === undefined) return undefined;
    const [inside, root] = [await realpath(resumedFolder), await ifAbsent(realpath(this.#path), this.#path)];
    if (relative(root, inside).startsWith("..")) return undefined;
    const folder = new RunFolder(resumedFolder, embeddingName);
    return (await folder.copies()).some(({ step }) => step > initialStep) ? undefined : folder;
  }

  async #newFolder({ embeddingName, now }: NewRun): Promise<RunFolder> {
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

/** The run folders of a day. If only one embedding's runs are wanted, folders with other names are not opened: a day may hold hundreds. */
async function foldersOfDay(day: string, embedding: string | undefined): Promise<RunFolder[]> {
  const names = new Set(await runNames(day));
  const candidates = [...names].filter((name) => embedding === undefined || isRunName(name, embedding));
  const found = await Promise.all(
    candidates.map(async (name) => {
      const path = join(day, name);
      const run = await unlessOfOthers(embedding, embeddingOfRun(path, names));
      const isMeant = run !== undefined && (embedding === undefined || isRunOf(run, embedding));
      return isMeant ? [new RunFolder(path, embedding ?? run.name)] : [];
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

/** True if a folder of this name can be a run of the embedding: the embedding's name, alone or with a number. */
function isRunName(folderName: string, embedding: string): boolean {
  const name = fileNameOf(embedding);
  return folderName === name || numberOfRun(folderName).base === name;
}

/** Settings have the exact name. Names of files have `_` for characters that file names must not have. */
function isRunOf({ name, isStated }: NamedRun, embedding: string): boolean {
  return name === embedding || (!isStated && name === fileNameOf(embedding));
}

/** By day, then by name, then by number. */
function compareFolders(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => ({ day: dirname(path), ...numberOfRun(basename(path)) }));
  return compare(first!.day, second!.day) || compare(first!.base, second!.base) || first!.number - second!.number;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
