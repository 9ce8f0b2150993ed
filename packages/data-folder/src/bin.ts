/** @file The bin, `.lexeme/bin`: deleted and replaced files, in a folder for each action, until the user restores them or deletes them for good. */
import { LexemeError, ifAbsent, isAbsent } from "@lexeme/core";
import { isSameWord } from "@lexeme/domain/libraries";
import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { describeBinEntry, filesOfEntry, type BinEntry, type BinPlaces } from "./bin-entry.ts";
import { BIN_RECORD_NAME, writeBinRecord, type BinnedFile, type DiscardReason } from "./bin-record.ts";
import { folderNames } from "./folder-walk.ts";
import { moveFile, shareFile } from "./move-file.ts";
import { inTurn } from "./turns.ts";
import { diskFull, isFull } from "./whole-file.ts";

/** The bin's folder and the folders to which files of unknown origin are restored. */
export interface BinFolders extends BinPlaces {
  bin: string;
}

/** Entries that are read at the same time. */
const READ_AT_ONCE = 32;

interface Move {
  readonly from: string;
  readonly to: string;
}

export class Bin {
  readonly #folders: BinFolders;

  constructor(folders: BinFolders) {
    this.#folders = folders;
  }

  /**
   * Moves files into a new entry of the bin and returns the entry's id, with which `restore` brings all of them back. If a file cannot be moved,
   * all stay where they are. Throws LexemeError `DISK_FULL` if there is no room for the entry's record.
   */
  async discard(paths: readonly string[], reason: DiscardReason = { why: "deleted" }): Promise<string> {
    return this.#take(paths, { reason, put: (moves) => moveAll(moves, { replace: true }) });
  }

  /**
   * Like `discard`, but the files also stay where they are until the caller puts another file there, so that a file that is being replaced is
   * always somewhere. If they are not replaced after all, `remove` takes them out of the bin.
   */
  async keep(paths: readonly string[], reason: DiscardReason): Promise<string> {
    return this.#take(paths, { reason, put: shareAll });
  }

  async #take(
    paths: readonly string[],
    { reason, put }: { reason: DiscardReason; put: (moves: readonly Move[]) => Promise<void> },
  ): Promise<string> {
    const at = new Date();
    const id = `${at.toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}`;
    const folder = this.#folderOf(id);
    const files: BinnedFile[] = [];
    for (const [i, from] of paths.entries()) {
      // Files of the same name may come from several folders.
      const name = basename(from);
      const taken = [BIN_RECORD_NAME, ...files.map(({ file }) => basename(file))];
      files.push({ from, file: taken.some((one) => isSameWord(one, name)) ? `${i}/${name}` : name });
    }
    try {
      await mkdir(folder, { recursive: true });
      await writeBinRecord(folder, this.#folders.dataDir, { at: at.getTime(), ...reason, files });
      await put(files.map(({ from, file }) => ({ from, to: join(folder, file) })));
    } catch (cause) {
      await removeEmptied(folder).catch(() => undefined);
      throw isFull(cause) || (cause instanceof LexemeError && cause.code === "DISK_FULL")
        ? noRoom(paths, cause)
        : cause;
    }
    return id;
  }

  /** All entries that have files, newest first. An entry that cannot be read is left out. Throws the errors of `folderNames`. */
  async list(): Promise<BinEntry[]> {
    const ids = await folderNames(this.#folders.bin);
    const entries: BinEntry[] = [];
    for (let i = 0; i < ids.length; i += READ_AT_ONCE) {
      const some = ids.slice(i, i + READ_AT_ONCE).map((id) => this.#read(id).catch(() => undefined));
      entries.push(...(await Promise.all(some)).filter((entry) => entry !== undefined));
    }
    return entries.toSorted((a, b) => b.at - a.at);
  }

  /** Throws LexemeError `BIN_ENTRY_MISSING`. */
  async require(id: string): Promise<BinEntry> {
    const entry = isEntryId(id) ? await this.#read(id) : undefined;
    if (entry !== undefined) return entry;
    throw new LexemeError(
      "BIN_ENTRY_MISSING",
      "These files are not in the bin: they were restored or deleted for good already",
    );
  }

  /**
   * Restores the files of an entry to the places that they came from, and returns their paths. With `name`, the file gets this name without its
   * ending, and so do the files beside it that had the same name. Throws LexemeError `BIN_ENTRY_MISSING`, or `FILE_EXISTS` with
   * `details.freeName` if a file has the name already; then nothing is restored.
   */
  async restore(id: string, { name }: { name?: string | undefined } = {}): Promise<string[]> {
    return inTurn(this.#folderOf(id), () => this.#restore(id, name));
  }

  async #restore(id: string, name: string | undefined): Promise<string[]> {
    const { files } = renamed(await this.require(id), name);
    const folder = this.#folderOf(id);
    for (const { from } of files) if (await isThere(from)) throw await placeTaken(files, from);
    await moveAll(
      files.map(({ from, file }) => ({ from: join(folder, file), to: from })),
      { replace: false },
    ).catch(async (cause: NodeJS.ErrnoException) => {
      // Another program took a place after the check; mkdir complains about a file in the place of a folder.
      throw cause.code === "EEXIST" && cause.syscall !== "mkdir" ? await placeTaken(files, files[0]!.from) : cause;
    });
    await removeEmptied(folder);
    return files.map(({ from }) => from);
  }

  /** Deletes the files of an entry for good. Throws LexemeError `BIN_ENTRY_MISSING`. */
  async remove(id: string): Promise<void> {
    await inTurn(this.#folderOf(id), async () => {
      await this.require(id);
      await rm(this.#folderOf(id), { recursive: true, force: true });
    });
  }

  /** Deletes all files of the bin for good. */
  async empty(): Promise<void> {
    for (const name of await ifAbsent(readdir(this.#folders.bin), [])) {
      const path = join(this.#folders.bin, name);
      await inTurn(path, () => rm(path, { recursive: true, force: true }));
    }
  }

  /** The path of the picture that shows an entry. Throws LexemeError `BIN_ENTRY_MISSING`, also for an entry without a picture. */
  async picture(id: string): Promise<string> {
    const { picture } = await this.require(id);
    if (picture !== null) return join(this.#folderOf(id), picture);
    throw new LexemeError("BIN_ENTRY_MISSING", "This entry of the bin has no picture");
  }

  async #read(id: string): Promise<BinEntry | undefined> {
    const found = await filesOfEntry(this.#folderOf(id), this.#folders);
    return found && describeBinEntry(id, found, this.#folders);
  }

  #folderOf(id: string): string {
    return join(this.#folders.bin, id);
  }
}

/** Ids come from pages: an id is the name of a folder and leads nowhere else. */
function isEntryId(id: string): boolean {
  return /^[\w.-]+$/u.test(id) && !/^\.+$/u.test(id);
}

/** The entry with another name for its first file, and for all files that have the same name without ending. */
function renamed(entry: BinEntry, name: string | undefined): BinEntry {
  if (name === undefined) return entry;
  const old = stemOf(entry.files[0]!.from);
  const files = entry.files.map((file) => {
    if (!isSameWord(stemOf(file.from), old)) return file;
    return { ...file, from: join(dirname(file.from), `${name}${extname(file.from)}`) };
  });
  return { ...entry, files };
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}

async function placeTaken(files: readonly BinnedFile[], path: string): Promise<LexemeError> {
  const stem = stemOf(files[0]!.from).replace(/-\d+$/u, "");
  const sharing = files.filter(({ from }) => isSameWord(stemOf(from), stemOf(files[0]!.from)));
  let freeName = stem;
  for (let number = 2; ; number++) {
    freeName = `${stem}-${number}`;
    const targets = sharing.map(({ from }) => join(dirname(from), `${freeName}${extname(from)}`));
    const taken = await Promise.all(targets.map(isThere));
    if (!taken.includes(true)) break;
  }
  const message = `There is a file "${path}" again, which stays as it is: restore under another name, such as "${freeName}"`;
  return new LexemeError("FILE_EXISTS", message, { details: { path, freeName } });
}

function noRoom(paths: readonly string[], cause: unknown): LexemeError {
  const what = paths.length === 1 ? `"${basename(paths[0]!)}"` : `${paths.length} files`;
  const { details } = diskFull(paths[0], cause);
  const message = `Cannot move ${what} to the bin: the disk is full, and files in the bin keep their place on it. Nothing was changed; empty the bin, or delete for good`;
  return new LexemeError("DISK_FULL", message, { details, cause });
}

/** Moves all files or none. */
async function moveAll(moves: readonly Move[], { replace }: { replace: boolean }): Promise<void> {
  await allOrNone(moves, {
    put: ({ from, to }) => moveFile(from, to, { replace }),
    undo: ({ from, to }) => moveFile(to, from, { replace: false }),
  });
}

/** Puts all files into the entry, or none, and leaves them where they are. */
async function shareAll(moves: readonly Move[]): Promise<void> {
  await allOrNone(moves, { put: ({ from, to }) => shareFile(from, to), undo: ({ to }) => rm(to) });
}

async function allOrNone(
  moves: readonly Move[],
  { put, undo }: { put: (move: Move) => Promise<void>; undo: (move: Move) => Promise<void> },
): Promise<void> {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      await mkdir(dirname(move.to), { recursive: true });
      await put(move);
      done.push(move);
    }
  } catch (cause) {
    for (const move of done.toReversed()) await undo(move).catch(() => undefined);
    throw cause;
  }
}

/** Removes an entry's record and its empty folders. Files that the record does not name stay: they are an entry without a record. */
async function removeEmptied(folder: string): Promise<void> {
  await rm(join(folder, BIN_RECORD_NAME), { force: true });
  for (const name of await folderNames(folder)) await rmdir(join(folder, name)).catch(() => undefined);
  await rmdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (!isAbsent(cause) && cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
  });
}

/** Throws if the file system does not tell, because an existing file would be lost. */
async function isThere(path: string): Promise<boolean> {
  return (await ifAbsent(lstat(path), undefined)) !== undefined;
}
