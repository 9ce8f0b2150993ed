/** @file The log directory, A1111's `textual_inversion`: a folder for each day, in it one for each run. */
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ifAbsent, codeOf } from "./absence.ts";
import { fileNameOf } from "./file-name.ts";
import { folderNames } from "./folder-walk.ts";
import { localDay } from "./local-date.ts";
import { readOptimizerFile, type OptimizerFile } from "./optimizer-file.ts";
import { embeddingOfRun, numberOfRun, RunFolder, type RunFacts } from "./run-folder.ts";
import { folderFault, makeFolder } from "./whole-file.ts";

const DAY = /^\d{4}-\d\d-\d\d$/u;

export interface NewRun {
  readonly embeddingName: string;
  /** Folder of the run that this one goes on with. */
  readonly resumedFolder: string | undefined;
  readonly initialStep: number;
  readonly now: Date;
}

export class RunFolders {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs of one embedding, or all, newest first. Throws as `ifAbsent` where a folder may not be read. */
  async list(embedding?: string): Promise<RunFacts[]> {
    const runs = await Promise.all((await this.folders(embedding)).map((run) => run.facts()));
    return runs.toSorted((a, b) => b.startedAt - a.startedAt || compareFolders(b.folder, a.folder));
  }

  /** The folders of one embedding's runs, or of all, in the order of days and numbers. Throws as `list`. */
  async folders(embedding?: string): Promise<RunFolder[]> {
    const found: RunFolder[] = [];
    for (const day of (await folderNames(this.#path)).toSorted()) {
      const names = new Set(await runNames(join(this.#path, day)));
      for (const name of names) {
        const path = join(this.#path, day, name);
        const ofRun = await embeddingOfRun(path, names);
        const isMeant = embedding === undefined || ofRun === embedding || ofRun === fileNameOf(embedding);
        if (isMeant) found.push(new RunFolder(path, embedding ?? ofRun));
      }
    }
    return found.toSorted((a, b) => compareFolders(a.path, b.path));
  }

  /**
   * The folder to write a run into. A run that goes on where a run's copies end stays in its folder; any other that finds its folder taken
   * gets `<name> (2)`, and so on, because copies of another run are not ours to replace. Throws LexemeError `FOLDER_NOT_WRITABLE`.
   */
  async open(run: NewRun): Promise<RunFolder> {
    const folder = (await this.#folderToStayIn(run)) ?? (await this.#newFolder(run));
    await folder.prepare();
    return folder;
  }

  /**
   * The optimizer's state for these vectors in any run of the embedding, newest first: when a run goes on from the finished or stopped
   * embedding itself, nothing but the vectors says which run they came from.
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

/** Only a folder that is named as a day has to be readable: a disk's `lost+found` holds no runs. */
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
