/** @file Moves a file so that a killed move is finished later: without a rename, a file has both names for a moment. */
import { lstat, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ifAbsent } from "@lexeme/core";
import { readRegularFile } from "./folder-walk.ts";
import { isSameFile, moveFile } from "./move-file.ts";
import { writeWholeFile } from "./whole-file.ts";

/** A note has a path of each follower, which may be thousands. */
const MAX_NOTE_BYTES = 16 << 20;

export interface NotedMove {
  readonly from: string;
  readonly to: string;
  /** Paths of the other files and folders that get the new name. */
  readonly followers: readonly string[];
}

/** Gives the followers the new name. A kill may leave some of them with the new name, and the next start repeats it for all. */
export type AfterMove = (move: NotedMove) => Promise<void>;

/**
 * Moves a file as `moveFile` does without `replace`, calls `after`, and notes the move in the file `note` until both are done. If `after` throws, the file
 * moves back. Moves with one note follow each other. Throws the errors of `moveFile`, `writeWholeFile` and `after`.
 */
export async function moveNoted(note: string, move: NotedMove, after: AfterMove): Promise<void> {
  const { from, to } = move;
  // Relative, because the data folder may be moved before the next start.
  const noted = mapPaths(move, (path) => relative(dirname(note), path));
  await writeWholeFile(note, JSON.stringify(noted), { replace: true });
  try {
    await moveFile(from, to, { replace: false });
    await after(move).catch(async (cause: unknown) => {
      await moveFile(to, from, { replace: false });
      throw cause;
    });
  } finally {
    await rm(note, { force: true });
  }
}

/**
 * Finishes the move that a killed process left in `note`: where the file has both names, the old name goes, and `after` is called if the file has only
 * the new name. Does nothing without a note. If `after` throws, the note stays for the next start.
 */
export async function finishNotedMove(note: string, after: AfterMove): Promise<void> {
  const bytes = await ifAbsent(readRegularFile(note, MAX_NOTE_BYTES), undefined);
  if (bytes === undefined) return;
  const move = readMove(new TextDecoder().decode(bytes), dirname(note));
  if (move !== undefined) {
    if (await hasBothNames(move)) await rm(move.from);
    if (!(await isThere(move.from)) && (await isThere(move.to))) await after(move);
  }
  await rm(note, { force: true });
}

function readMove(text: string, folder: string): NotedMove | undefined {
  try {
    const { from, to, followers } = JSON.parse(text) as Record<string, unknown>;
    if (!isText(from) || !isText(to) || !Array.isArray(followers) || !followers.every(isText)) return undefined;
    return mapPaths({ from, to, followers }, (path) => join(folder, path));
  } catch {
    // Somebody else's text is no move.
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function mapPaths({ from, to, followers }: NotedMove, change: (path: string) => string): NotedMove {
  return { from: change(from), to: change(to), followers: followers.map(change) };
}

async function isThere(path: string): Promise<boolean> {
  return (await ifAbsent(lstat(path), undefined)) !== undefined;
}

/** Whether one file stands under both names. Two spellings of one name are one entry of the folder, and stay. */
async function hasBothNames({ from, to }: NotedMove): Promise<boolean> {
  if (!(await isSameFile(from, to))) return false;
  const isListed = async (path: string): Promise<boolean> => (await readdir(dirname(path))).includes(basename(path));
  return (await isListed(from)) && (await isListed(to));
}
