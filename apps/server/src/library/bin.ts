/** @file Deleted files go to `.lexeme/bin`. They can be restored for ten minutes, and are removed for good after a week. */
import { LexemeError, ifAbsent } from "@lexeme/core";
import { isSameWord } from "@lexeme/domain/libraries";
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const UNDO_MS = 10 * 60 * 1000;
const KEPT_MS = 7 * 24 * 3600 * 1000;

export class Bin {
  readonly #folder: string;
  readonly #undo = new Map<string, { from: string; to: string; until: number }[]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Moves files into the bin. The returned token restores all of them. If a file cannot be moved, all stay where they are. */
  async discard(paths: readonly string[]): Promise<string> {
    const token = randomUUID();
    const folder = join(this.#folder, `${new Date().toISOString().replaceAll(":", "-")}-${token.slice(0, 8)}`);
    await mkdir(folder, { recursive: true });
    const until = Date.now() + UNDO_MS;
    const moves: { from: string; to: string; until: number }[] = [];
    for (const [i, from] of paths.entries()) {
      // Files of the same name may come from several folders.
      const isTaken = moves.some(({ to }) => isSameWord(basename(to), basename(from)));
      moves.push({ from, to: join(folder, isTaken ? String(i) : "", basename(from)), until });
    }
    await moveAll(moves);
    this.#forgetExpired();
    this.#undo.set(token, moves);
    return token;
  }

  /** Restores the files of `token`. Throws LexemeError `UNDO_EXPIRED`, or `FILE_EXISTS` if another file took the place of one of them. */
  async restore(token: string): Promise<string[]> {
    this.#forgetExpired();
    const moves = this.#undo.get(token);
    if (moves === undefined) {
      throw new LexemeError(
        "UNDO_EXPIRED",
        `The files were deleted more than ten minutes ago: look for them in "${this.#folder}"`,
      );
    }
    for (const { from } of moves) {
      if (await exists(from))
        throw new LexemeError("FILE_EXISTS", `Another file took the place of "${from}": rename that file first`);
    }
    await moveAll(moves.map(({ from, to }) => ({ from: to, to: from })));
    this.#undo.delete(token);
    return moves.map(({ from }) => from);
  }

  /** Removes the files for good that have been in the bin for a week. */
  async empty(): Promise<void> {
    for (const name of await ifAbsent(readdir(this.#folder), [])) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
    }
  }

  #forgetExpired(): void {
    for (const [token, moves] of this.#undo) if ((moves[0]?.until ?? 0) < Date.now()) this.#undo.delete(token);
  }
}

/** Moves all files or none. */
async function moveAll(moves: readonly { from: string; to: string }[]): Promise<void> {
  const done: { from: string; to: string }[] = [];
  try {
    for (const { from, to } of moves) {
      await mkdir(dirname(to), { recursive: true });
      await move(from, to);
      done.push({ from, to });
    }
  } catch (cause) {
    for (const { from, to } of done.toReversed()) await move(to, from).catch(() => undefined);
    throw cause;
  }
}

/** Renames the file, or copies it if the bin is on another disk than the file (an outputs folder is often a mount). */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await rm(from);
  }
}

/** Throws if the file system does not tell, because an existing file would be lost. */
async function exists(path: string): Promise<boolean> {
  return (await ifAbsent(stat(path), undefined)) !== undefined;
}
