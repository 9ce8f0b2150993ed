/** @file `bin-entry.json` in a folder of the bin: where its files came from, and when and why they were moved there. */
import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { writeWholeFile } from "./whole-file.ts";

export const BIN_RECORD_NAME = "bin-entry.json";

export interface DiscardReason {
  readonly why: "deleted" | "replaced";
  /** The action that replaced the files, as the page calls it, such as "Create Embedding". */
  readonly by?: string;
}

export interface BinnedFile {
  /** Path inside the entry's folder with forward slashes. */
  readonly file: string;
  /** Absolute path of the place that the file came from. */
  readonly from: string;
}

export interface BinRecord extends DiscardReason {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly files: readonly BinnedFile[];
}

/** Writes the record. Paths in the data folder are stored relative to it, so that it can be moved. Throws the errors of `writeWholeFile`. */
export async function writeBinRecord(folder: string, dataDir: string, record: BinRecord): Promise<void> {
  const files = record.files.map(({ file, from }) => ({ file, from: storedPath(from, dataDir) }));
  await writeWholeFile(join(folder, BIN_RECORD_NAME), `${JSON.stringify({ ...record, files })}\n`, { replace: false });
}

/** The record of an entry; undefined if earlier versions made the entry, and if its record cannot be read. */
export async function readBinRecord(folder: string, dataDir: string): Promise<BinRecord | undefined> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(join(folder, BIN_RECORD_NAME), "utf8"));
  } catch {
    return undefined;
  }
  if (typeof content !== "object" || content === null) return undefined;
  const { at, why, by, files } = content as Readonly<Record<string, unknown>>;
  if (typeof at !== "number" || !Array.isArray(files)) return undefined;
  const read = files.map((file) => fileOf(file, dataDir));
  if (read.length === 0 || read.includes(undefined)) return undefined;
  return {
    at,
    why: why === "replaced" ? why : "deleted",
    ...(typeof by === "string" ? { by } : {}),
    files: read as BinnedFile[],
  };
}

/** Undefined for a file that would lie outside the entry's folder. */
function fileOf(value: unknown, dataDir: string): BinnedFile | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, from } = value as Readonly<Record<string, unknown>>;
  if (typeof file !== "string" || typeof from !== "string" || isAbsolute(file)) return undefined;
  if (file.split(/[/\\]/u).some((part) => part === ".." || part === "")) return undefined;
  return { file, from: resolve(dataDir, from) };
}

function storedPath(path: string, dataDir: string): string {
  const inside = relative(dataDir, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
}
