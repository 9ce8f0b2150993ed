/** @file Moves a file so that a killed move is finished later: without a rename, a file has both names for a moment. */
import { lstat, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ifAbsent } from "@lexeme/core";
import { readRegularFile } from "./folder-walk.ts";
import { isSameFile, moveFile } from "./move-file.ts";
import { writeWholeFile } from "./whole-file.ts";

/** A note has two paths. */
const MAX_NOTE_BYTES = 64 << 10;

export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Work that belongs to a move, such as giving other files the new name. It may be done twice. */
export type AfterMove = (move: Move) => Promise<void>;

/**
 * Moves a file as `moveFile` does without `replace`, calls `after`, and notes the move in the file `note` until both are done. If `after` throws, the file
 * moves back. Moves with one note follow each other. Throws the errors of `moveFile`, `writeWholeFile` and `after`.
 */
export async function moveNoted(note: string, { from, to }: Move, after: AfterMove): Promise<void> {
  const folder = dirname(note);
  // Relative, because the data folder may be moved before the next start.
  const noted: Move = { from: relative(folder, from), to: relative(folder, to) };
  await writeWholeFile(note, JSON.stringify(noted), { replace: true });
  try {
    await moveFile(from, to, { replace: false });
    await after({ from, to }).catch(async (cause: unknown) => {
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

function readMove(text: string, folder: string): Move | undefined {
  try {
    const { from, to } = JSON.parse(text) as Record<string, unknown>;
    return typeof from === "string" && typeof to === "string"
      ? { from: join(folder, from), to: join(folder, to) }
      : undefined;
  } catch {
    // Somebody else's text is no move.
    return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await ifAbsent(lstat(path), undefined)) !== undefined;
}

/** Whether one file stands under both names. Two spellings of one name are one entry of the folder, and stay. */
async function hasBothNames({ from, to }: Move): Promise<boolean> {
  if (!(await isSameFile(from, to))) return false;
  const isListed = async (path: string): Promise<boolean> => (await readdir(dirname(path))).includes(basename(path));
  return (await isListed(from)) && (await isListed(to));
}
