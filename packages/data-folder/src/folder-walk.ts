/** @file Files of a folder and below it: only regular ones and links to such, so that a pipe is never waited for. */
import { constants, type Dirent } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { ifAbsent, readFault } from "./absence.ts";

export interface WalkedFile {
  readonly path: string;
  /** Sub-folder with forward slashes; empty at the top. */
  readonly folder: string;
  /** With its ending. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface WalkOptions {
  /** Which files are looked at, by name; all where left out. */
  readonly isWanted?: (file: string) => boolean;
  /** Whether links to folders are entered; they are where left out. */
  readonly entersLinks?: boolean;
}

/**
 * As Python's `os.walk`: a folder's files first, then its folders; sorted by name, no folder twice, no hidden one. A folder that is absent
 * has none; sub-folders that may not be read are left out (`lost+found` of a mounted disk). Throws LexemeError `FILE_UNREADABLE` when
 * `root` itself may not be read.
 */
export async function walkFiles(root: string, options: WalkOptions = {}): Promise<WalkedFile[]> {
  await ifAbsent(readdir(root), []);
  return new Walk(root, options).enter("");
}

class Walk {
  readonly #root: string;
  readonly #options: Required<WalkOptions>;
  readonly #seen = new Set<string>();

  constructor(root: string, { isWanted = () => true, entersLinks = true }: WalkOptions) {
    this.#root = root;
    this.#options = { isWanted, entersLinks };
  }

  async enter(folder: string): Promise<WalkedFile[]> {
    const path = join(this.#root, folder);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || this.#seen.has(real)) return [];
    this.#seen.add(real);
    const entries = (await readdir(path, { withFileTypes: true }).catch(() => [])).toSorted(byCode);
    const files = await Promise.all(entries.map((entry) => this.#file(folder, entry)));
    const found = files.filter((file) => file !== undefined);
    for (const entry of entries) {
      if (entry.name.startsWith(".") || !(await this.#isFolder(path, entry))) continue;
      found.push(...(await this.enter(folder === "" ? entry.name : `${folder}/${entry.name}`)));
    }
    return found;
  }

  async #file(folder: string, entry: Dirent): Promise<WalkedFile | undefined> {
    const { name: file } = entry;
    if (!(entry.isFile() || entry.isSymbolicLink()) || !this.#options.isWanted(file)) return undefined;
    const path = join(this.#root, folder, file);
    const status = await stat(path).catch(() => undefined);
    if (!status?.isFile()) return undefined;
    return { path, folder, file, sizeBytes: status.size, modifiedAt: status.mtimeMs };
  }

  async #isFolder(path: string, entry: Dirent): Promise<boolean> {
    if (!entry.isSymbolicLink()) return entry.isDirectory();
    if (!this.#options.entersLinks) return false;
    const status = await stat(join(path, entry.name)).catch(() => undefined);
    return status?.isDirectory() ?? false;
  }
}

function byCode(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** Names of the regular files of a folder itself, links to such included; none where the folder is absent. Throws as `ifAbsent`. */
export async function fileNames(folder: string): Promise<string[]> {
  return namesOf(folder, "isFile");
}

/** Names of the folders of a folder itself, links to such included, hidden ones left out. Throws as `ifAbsent`. */
export async function folderNames(folder: string): Promise<string[]> {
  return (await namesOf(folder, "isDirectory")).filter((name) => !name.startsWith("."));
}

async function namesOf(folder: string, test: "isFile" | "isDirectory"): Promise<string[]> {
  const entries = await ifAbsent(readdir(folder, { withFileTypes: true }), []);
  const names: string[] = [];
  for (const entry of entries) {
    // A link that leads nowhere is neither.
    const target = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
    if (target?.[test]()) names.push(entry.name);
  }
  return names;
}

/** Opening a pipe for reading would wait for whoever writes into it; Windows has neither. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The bytes of a regular file of at most `maxBytes`; undefined where it is absent. Throws LexemeError `FILE_UNREADABLE` for any other. */
export async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const handle = await ifAbsent(open(path, WITHOUT_WAITING), undefined);
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw unreadable(path, "it is not a file");
    if (status.size > maxBytes) throw unreadable(path, `it has ${status.size} bytes, and ${maxBytes} are the most`);
    // A copy: a Buffer may be a view of a larger one.
    return Uint8Array.from(await handle.readFile());
  } catch (cause) {
    throw readFault(cause);
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, reason: string): LexemeError {
  return new LexemeError("FILE_UNREADABLE", `Cannot read "${path}": ${reason}`, { details: { path } });
}
