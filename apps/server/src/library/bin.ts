/** @file Deleted files go to `.lexeme/bin` and can be brought back for ten minutes; after a week they are gone for good. */
import { LexemeError } from "@lexeme/core";
import { ifAbsent } from "@lexeme/data-folder";
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

  /** Moves files into the bin; the token brings all of them back. */
  async discard(paths: readonly string[]): Promise<string> {
    const token = randomUUID();
    const folder = join(this.#folder, `${new Date().toISOString().replaceAll(":", "-")}-${token.slice(0, 8)}`);
    await mkdir(folder, { recursive: true });
    const until = Date.now() + UNDO_MS;
    const moves: { from: string; to: string; until: number }[] = [];
    for (const [i, from] of paths.entries()) {
      // Files of one name may come from several folders.
      const isTaken = moves.some(({ to }) => basename(to).toLowerCase() === basename(from).toLowerCase());
      const to = join(folder, isTaken ? String(i) : "", basename(from));
      if (isTaken) await mkdir(dirname(to), { recursive: true });
      await move(from, to);
      moves.push({ from, to, until });
    }
    this.#forgetExpired();
    this.#undo.set(token, moves);
    return token;
  }

  /** Puts back what `token` stands for. Throws LexemeError `UNDO_EXPIRED`, or `FILE_EXISTS` when another file took the place. */
  async restore(token: string): Promise<string[]> {
    this.#forgetExpired();
    const moves = this.#undo.get(token);
    if (moves === undefined) {
      throw new LexemeError(
        "UNDO_EXPIRED",
        `It was deleted more than ten minutes ago: look for it in "${this.#folder}"`,
      );
    }
    for (const { from } of moves) {
      if (await exists(from))
        throw new LexemeError("FILE_EXISTS", `Another file took the place of "${from}": rename that one first`);
    }
    for (const { from, to } of moves) {
      await mkdir(dirname(from), { recursive: true });
      await move(to, from);
    }
    this.#undo.delete(token);
    return moves.map(({ from }) => from);
  }

  /** Removes for good what has lain in the bin for a week. */
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

/** A rename, or a copy where the bin lies on another disk than the file (an outputs folder often is a mount). */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await rm(from);
  }
}

/** Throws where that may not be known: a file that is there would be lost. */
async function exists(path: string): Promise<boolean> {
  return (await ifAbsent(stat(path), undefined)) !== undefined;
}
