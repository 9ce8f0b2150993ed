/** @file A training's folder, laid out like A1111's: copies, previews, the loss as CSV, the settings, and the optimizer's states and the run's record, which only Lexeme has. */
import { writeJson, ifAbsent } from "@lexeme/core";
import { EMBEDDING_FORMATS, isPictureFormat, type WrittenFormat } from "@lexeme/domain/libraries";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileNameOf } from "./file-name.ts";
import { fileNames } from "./folder-walk.ts";
import { localSecond } from "./local-date.ts";
import { lossLogPath } from "./loss-log.ts";
import { isPictureName } from "./picture-file.ts";
import { makeFolder, writeWholeFile } from "./whole-file.ts";

const COPY_FORMATS = EMBEDDING_FORMATS.filter((format) => !isPictureFormat(format));
const COPY = new RegExp(String.raw`^(.*)-(\d+)\.(?:${COPY_FORMATS.join("|")})$`, "iu");
const PREVIEW = /^(.*)-(\d+)\.\w+$/u;
const OPTIMIZER = /-(\d+)\.json$/u;
const SETTINGS = /^settings-.*\.json$/u;
const NUMBERED = /^(.*) \((\d+)\)$/u;

/** A copy or a preview, and its step. */
export interface StepFile {
  step: number;
  path: string;
}

/** The facts that a list shows about a run. */
export interface RunFacts {
  embeddingName: string;
  folder: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** In the order of steps. */
  copies: StepFile[];
  previews: StepFile[];
}

/** The folder `<log directory>/<YYYY-MM-DD>/<name>/`; the second run of a day has `<name> (2)`, and so on. */
export class RunFolder {
  readonly path: string;
  readonly embeddingName: string;
  readonly #stem: string;

  constructor(path: string, embeddingName: string) {
    this.path = path;
    this.embeddingName = embeddingName;
    this.#stem = fileNameOf(embeddingName);
  }

  copyPath(step: number, format: WrittenFormat): string {
    return join(this.path, "embeddings", `${this.#stem}-${step}.${format}`);
  }

  previewPath(step: number): string {
    return join(this.path, "images", `${this.#stem}-${step}.png`);
  }

  /** A preview with the copy inside it. The first such preview makes the folder. */
  cardPath(step: number): string {
    return join(this.path, "image_embeddings", `${this.#stem}-${step}.png`);
  }

  /** The optimizer's state at a copy. With it a run continues as if it had never ended. */
  optimizerPath(step: number): string {
    return join(this.path, "optimizer", `${this.#stem}-${step}.json`);
  }

  /** The file that a training wrote for `optimizerPath`, also if the embedding had another name then. Undefined if there is none. */
  async savedOptimizer(step: number): Promise<string | undefined> {
    const folder = join(this.path, "optimizer");
    const own = basename(this.optimizerPath(step));
    const names = (await fileNames(folder)).filter((name) => OPTIMIZER.exec(name)?.[1] === String(step));
    const name = names.find((one) => one === own) ?? names[0];
    return name === undefined ? undefined : join(folder, name);
  }

  get lossLogPath(): string {
    return lossLogPath(this.path);
  }

  /** In the order of steps. Throws the errors of `ifAbsent`, like all methods here that read a folder. */
  async copies(): Promise<StepFile[]> {
    return stepFiles(join(this.path, "embeddings"), COPY);
  }

  async previews(): Promise<StepFile[]> {
    const images = await stepFiles(join(this.path, "images"), PREVIEW);
    return images.filter(({ path }) => isPictureName(basename(path)));
  }

  async facts(): Promise<RunFacts> {
    const { path: folder, embeddingName } = this;
    const [copies, previews, { birthtimeMs, mtimeMs }] = await Promise.all([
      this.copies(),
      this.previews(),
      stat(folder),
    ]);
    // Some file systems do not store when a folder was made.
    return { embeddingName, folder, startedAt: birthtimeMs || mtimeMs, copies, previews };
  }

  /** Makes the folders that every run has. Throws LexemeError `FOLDER_NOT_WRITABLE`. */
  async prepare(): Promise<void> {
    for (const folder of ["embeddings", "images", "optimizer"]) await makeFolder(join(this.path, folder));
  }

  /** Writes `settings-<time>.json`. Throws the errors of `writeWholeFile`. */
  async writeSettings(content: Readonly<Record<string, unknown>>, now: Date): Promise<void> {
    const path = join(this.path, `settings-${localSecond(now)}.json`);
    await writeWholeFile(path, `${writeJson(content, { indent: 4 })}\n`, { replace: true });
  }
}

/** The run that contains a copy. */
export function runFolderOfCopy(copyPath: string, embeddingName: string): RunFolder {
  return new RunFolder(runPathOf(copyPath), embeddingName);
}

/** Path of the run that contains a copy or a preview. */
export function runPathOf(path: string): string {
  return dirname(dirname(path));
}

/** Step number at the end of a copy's name, `mira-500.pt`; undefined if the name has none. */
export function stepOfCopy(path: string): number | undefined {
  const step = COPY.exec(basename(path))?.[2];
  return step === undefined ? undefined : Number(step);
}

/** Splits a folder's name: `mira (2)` may be the second run of `mira`, or the first run of an embedding named `mira (2)`. */
export function numberOfRun(folderName: string): { base: string; number: number } {
  const [, base, number] = NUMBERED.exec(folderName) ?? [];
  return base === undefined ? { base: folderName, number: 1 } : { base, number: Number(number) };
}

/** Facts about a run from its settings file, which A1111 and Lexeme write. */
export interface RunSettings {
  readonly embeddingName: string | undefined;
  readonly initialStep: number | undefined;
  /** Max steps. */
  readonly steps: number | undefined;
  /** Path of the copy that the run continued from. Only Lexeme writes it. */
  readonly resumedFrom: string | undefined;
}

/** The oldest and the newest settings of a run's folder; empty if none can be read. Throws the errors of `ifAbsent`. */
export async function readRunSettings(path: string): Promise<{ first: RunSettings; last: RunSettings }> {
  const names = (await fileNames(path)).filter((name) => SETTINGS.test(name)).toSorted();
  const [first, last] = [names[0], names.at(-1)];
  const read = last === undefined ? {} : await settingsIn(join(path, last));
  return { first: asSettings(first === last ? read : await settingsIn(join(path, first!))), last: asSettings(read) };
}

async function settingsIn(path: string): Promise<Partial<Record<string, unknown>>> {
  const text = await ifAbsent(readFile(path, "utf8"), "");
  try {
    return (JSON.parse(text) ?? {}) as Partial<Record<string, unknown>>;
  } catch {
    // The file was edited by hand or cut short. The names of the folder and its files then give the embedding's name.
    return {};
  }
}

function asSettings(content: Partial<Record<string, unknown>>): RunSettings {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const count = (value: unknown) => (Number.isSafeInteger(value) ? Number(value) : undefined);
  return {
    embeddingName: text(content["embedding_name"]),
    initialStep: count(content["initial_step"]),
    steps: count(content["steps"]),
    resumedFrom: text(content["resumed_from"]),
  };
}

/** The names before the steps of a run's copies and previews. Throws the errors of `ifAbsent`. */
export async function stemsInside(path: string): Promise<Set<string>> {
  const names = await Promise.all([
    fileNames(join(path, "embeddings")).then((all) => all.map((name) => COPY.exec(name)?.[1])),
    fileNames(join(path, "images")).then((all) => all.map((name) => PREVIEW.exec(name)?.[1])),
  ]);
  return new Set(names.flat().filter((stem) => stem !== undefined));
}

async function stepFiles(folder: string, pattern: RegExp): Promise<StepFile[]> {
  const files = (await fileNames(folder)).flatMap((name) => {
    const step = pattern.exec(name)?.[2];
    return step === undefined || name.startsWith(".") ? [] : [{ step: Number(step), path: join(folder, name) }];
  });
  return files.toSorted((a, b) => a.step - b.step);
}
