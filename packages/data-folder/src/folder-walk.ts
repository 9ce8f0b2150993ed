/** @file Finds and reads the files of a folder and its sub-folders: only regular files and links to regular files, so that reading never waits for a pipe. */
import { constants, type Dirent, type Stats } from "node:fs";
import { open, readdir, realpath, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { LexemeError, ifAbsent, readFault } from "@lexeme/core";

export interface WalkedFile {
  readonly path: string;
  /** Path of the file's sub-folder with forward slashes; empty at the top. */
  readonly folder: string;
  /** The file's name with its ending. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface WalkOptions {
  /** Selects files by name; all files if left out. */
  readonly isWanted?: (file: string) => boolean;
  /** Whether links to folders are entered; true if left out. */
  readonly entersLinks?: boolean;
  /** Whether hidden folders are entered. The default is false. */
  readonly entersHidden?: boolean;
}

/**
 * Like Python's `os.walk`: a folder's files first, then its folders; sorted by name, each folder once, without hidden folders. A missing folder
 * has no files; unreadable sub-folders are left out (`lost+found` of a mounted disk). Throws LexemeError `FILE_UNREADABLE` if `root` itself
 * cannot be read.
 */
export async function walkFiles(root: string, options: WalkOptions = {}): Promise<WalkedFile[]> {
  await ifAbsent(readdir(root), []);
  return new Walk(root, options).enter("");
}

class Walk {
  readonly #root: string;
  readonly #options: Required<WalkOptions>;
  readonly #seen = new Set<string>();

  constructor(root: string, { isWanted = () => true, entersLinks = true, entersHidden = false }: WalkOptions) {
    this.#root = root;
    this.#options = { isWanted, entersLinks, entersHidden };
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
      if (!(await this.#isEntered(path, entry))) continue;
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

  async #isEntered(path: string, entry: Dirent): Promise<boolean> {
    if (entry.name.startsWith(".") && !this.#options.entersHidden) return false;
    if (!entry.isSymbolicLink()) return entry.isDirectory();
    if (!this.#options.entersLinks) return false;
    const status = await stat(join(path, entry.name)).catch(() => undefined);
    return status?.isDirectory() ?? false;
  }
}

function byCode(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** Names of the regular files in a folder, including links to such files; none if the folder is missing. Throws the errors of `ifAbsent`. */
export async function fileNames(folder: string): Promise<string[]> {
  return namesOf(folder, "isFile");
}

/** Names of the sub-folders in a folder, including links to folders, without hidden folders. Throws the errors of `ifAbsent`. */
export async function folderNames(folder: string): Promise<string[]> {
  return (await namesOf(folder, "isDirectory")).filter((name) => !name.startsWith("."));
}

async function namesOf(folder: string, test: "isFile" | "isDirectory"): Promise<string[]> {
  const entries = await ifAbsent(readdir(folder, { withFileTypes: true }), []);
  const names: string[] = [];
  for (const entry of entries) {
    // A link that leads nowhere is neither a file nor a folder.
    const target = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
    if (target?.[test]()) names.push(entry.name);
  }
  return names;
}

/** Opening a pipe for reading would wait for a writer. Windows has no such pipes and no such flag. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A regular file opened for reading. The caller closes it. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly status: Stats;
}

/** Opens a regular file; undefined if it does not exist. Throws LexemeError `FILE_UNREADABLE` for every other kind of file. */
export async function openRegularFile(path: string): Promise<OpenedFile | undefined> {
  const handle = await ifAbsent(open(path, WITHOUT_WAITING), undefined);
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw unreadable(path, "it is not a file");
    return { handle, status };
  } catch (cause) {
    await handle.close();
    throw readFault(cause);
  }
}

/** The bytes of a regular file of at most `maxBytes`; undefined if it does not exist. Throws LexemeError `FILE_UNREADABLE`. */
export async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const opened = await openRegularFile(path);
  if (opened === undefined) return undefined;
  const { handle, status } = opened;
  try {
    if (status.size > maxBytes)
      throw unreadable(path, `it has ${status.size} bytes, more than the limit of ${maxBytes}`);
    // The bytes are copied, because a Buffer may be a view of a larger buffer.
    return Uint8Array.from(await handle.readFile());
  } catch (cause) {
    throw readFault(cause);
  } finally {
    await handle.close();
  }
}

/** The bytes of a regular file of any size. Throws LexemeError `FILE_MISSING` or `FILE_UNREADABLE`. */
export async function readWholeFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readRegularFile(path, Infinity);
  if (bytes === undefined) throw new LexemeError("FILE_MISSING", `There is no file "${path}"`, { details: { path } });
  return bytes;
}

function unreadable(path: string, reason: string): LexemeError {
  return new LexemeError("FILE_UNREADABLE", `Cannot read "${path}": ${reason}`, { details: { path } });
}
