/** @file Training runs as A1111 lays them out: `textual_inversion/<date>/<name>/` with copies, previews and the loss as CSV. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { MetricPoint } from "@lexeme/domain/jobs";
import type { Run } from "@lexeme/protocol";
import { isFolder } from "./model-files.ts";
import { isPictureName } from "./pictures.ts";

const COPY = /-(\d+)\.(?:pt|bin|safetensors)$/i;
const PREVIEW = /-(\d+)\.\w+$/;
const LOSS_FILE = "textual_inversion_loss.csv";

interface StepFile {
  step: number;
  path: string;
}

export class RunLibrary {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs of one embedding, or all, newest first; copies and previews by step. */
  async list(embedding?: string): Promise<Run[]> {
    const runs: Run[] = [];
    for (const day of await foldersIn(this.#folder)) {
      for (const name of await foldersIn(join(this.#folder, day))) {
        if (embedding === undefined || name === embedding)
          runs.push(await readRun(join(this.#folder, day, name), name));
      }
    }
    return runs.toSorted((a, b) => b.startedAt - a.startedAt);
  }
}

/** Loss and rate of every line that A1111's and our trainings wrote; empty when there is no such file. */
export async function readLossFile(runFolder: string): Promise<MetricPoint[]> {
  const text = await readFile(join(runFolder, LOSS_FILE), "utf8").catch(() => "");
  const [header = "", ...lines] = text.split(/\r?\n/);
  const columns = header.split(",").map((column) => column.trim());
  const [stepAt, lossAt, rateAt] = ["step", "loss", "learn_rate"].map((column) => columns.indexOf(column));
  return lines.flatMap((line) => {
    const cells = line.split(",");
    const point = {
      step: Number(cells[stepAt ?? -1]),
      loss: Number(cells[lossAt ?? -1]),
      learnRate: Number(cells[rateAt ?? -1]),
    };
    return Number.isInteger(point.step) && Number.isFinite(point.loss) && Number.isFinite(point.learnRate)
      ? [point]
      : [];
  });
}

async function readRun(folder: string, embeddingName: string): Promise<Run> {
  const [copies, images, { birthtimeMs, mtimeMs }] = await Promise.all([
    stepFiles(join(folder, "embeddings"), COPY),
    stepFiles(join(folder, "images"), PREVIEW),
    stat(folder),
  ]);
  const previews = images.filter(({ path }) => isPictureName(basename(path)));
  // Some file systems do not know when a folder was made.
  return { embeddingName, folder, startedAt: birthtimeMs || mtimeMs, copies, previews };
}

async function stepFiles(folder: string, pattern: RegExp): Promise<StepFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.flatMap((name) => {
    const step = pattern.exec(name)?.[1];
    return step === undefined || name.startsWith(".") ? [] : [{ step: Number(step), path: join(folder, name) }];
  });
  return files.toSorted((a, b) => a.step - b.step);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (!entry.name.startsWith(".") && (await isFolder(entry, join(folder, entry.name)))) names.push(entry.name);
  }
  return names;
}
