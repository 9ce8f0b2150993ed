/** @file Where a run keeps its copies, previews, loss log and settings: A1111's layout under the log directory. */
import { LexemeError } from "@lexeme/core";
import { mkdir, readdir, realpath } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { localDay } from "../local-date.ts";

export interface RunFolder {
  readonly path: string;
  copyPath(step: number, format: "pt" | "safetensors"): string;
  previewPath(step: number): string;
  /** A preview that carries the copy: `image_embeddings/<name>-<step>.png`; its folder is made with the first. */
  cardPath(step: number): string;
  /** The optimizer's state at a copy, ours alone: with it a run goes on as if it had never ended. */
  optimizerPath(step: number): string;
  readonly lossLogPath: string;
}

export interface RunFolderOptions {
  readonly logDir: string;
  readonly embeddingName: string;
  /** Folder of the run that this one goes on with. */
  readonly resumedFolder: string | undefined;
  readonly initialStep: number;
  readonly now: Date;
}

/**
 * Makes `<logDir>/<YYYY-MM-DD>/<name>/`. A run that goes on where a run folder ends stays in it; any other run
 * that finds its folder taken gets `<name> (2)`, and so on, because copies of another run are not ours to replace.
 */
export async function openRunFolder(options: RunFolderOptions): Promise<RunFolder> {
  const { embeddingName } = options;
  const path = (await folderToStayIn(options)) ?? (await newFolder(options));
  for (const folder of ["embeddings", "images", "optimizer"]) await makeFolder(join(path, folder));
  return {
    path,
    copyPath: (step, format) => join(path, "embeddings", `${embeddingName}-${step}.${format}`),
    previewPath: (step) => join(path, "images", `${embeddingName}-${step}.png`),
    cardPath: (step) => join(path, "image_embeddings", `${embeddingName}-${step}.png`),
    optimizerPath: (step) => join(path, "optimizer", `${embeddingName}-${step}.json`),
    lossLogPath: join(path, "textual_inversion_loss.csv"),
  };
}

/** Step number at the end of a copy's name, `mira-500.pt`; undefined when it has none. */
export function stepOfCopy(file: string): number | undefined {
  const [, step] = /-(\d+)\.(?:pt|safetensors)$/.exec(basename(file)) ?? [];
  return step === undefined ? undefined : Number(step);
}

async function folderToStayIn({ logDir, resumedFolder, initialStep }: RunFolderOptions): Promise<string | undefined> {
  if (resumedFolder === undefined) return undefined;
  const [inside, root] = [await realpath(resumedFolder), await realpath(logDir).catch(() => logDir)];
  if (relative(root, inside).startsWith("..")) return undefined;
  const copies = await readdir(join(resumedFolder, "embeddings")).catch(() => []);
  return copies.some((file) => (stepOfCopy(file) ?? 0) > initialStep) ? undefined : resumedFolder;
}

async function newFolder({ logDir, embeddingName, now }: RunFolderOptions): Promise<string> {
  const day = join(logDir, localDay(now));
  await makeFolder(day);
  for (let number = 1; ; number++) {
    const path = join(day, number === 1 ? embeddingName : `${embeddingName} (${number})`);
    try {
      await mkdir(path);
      return path;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw notWritable(path, cause);
    }
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw notWritable(path, cause);
  });
}

function notWritable(path: string, cause: unknown): LexemeError {
  return new LexemeError("FOLDER_NOT_WRITABLE", `Cannot make the folder "${path}": ${(cause as Error).message}`, {
    details: { path },
    cause,
  });
}
