/** @file Renames an embedding's file, and gives the runs that belong to it the new name: the history follows the file. */
import { codeOf } from "@lexeme/core";
import {
  finishNotedMove,
  loadEmbeddingFile,
  moveNoted,
  renameRun,
  type NotedMove,
  type PresentEmbedding,
} from "@lexeme/data-folder";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileTaken } from "./embedding-replacing.ts";
import type { RunLibrary } from "./run-library.ts";
import { unlessRefused } from "./unless-refused.ts";

export interface RenamingParts {
  /** The file that notes a renaming until it is done. */
  readonly note: string;
  readonly runs: RunLibrary;
}

/**
 * Throws LexemeError `EMBEDDING_EXISTS` if another file has the name, the error of a file that the file system refuses, because it cannot be told
 * which runs belong to it, and the errors of `moveNoted`; then nothing is renamed.
 */
export async function renameEmbedding(
  { from, to }: { from: string; to: string },
  { note, runs }: RenamingParts,
): Promise<void> {
  const followers = await runsOfFile(from, runs);
  await moveNoted(note, { from, to, followers }, (move) => renameAllRuns(move, runs)).catch((cause: unknown) => {
    throw codeOf(cause) === "EEXIST" ? fileTaken(basename(to), cause) : cause;
  });
}

/** Finishes the renaming that a killed server left. Throws the errors of `finishNotedMove` and `renameRun`. */
export async function finishRenaming({ note, runs }: RenamingParts): Promise<void> {
  await finishNotedMove(note, async ({ to, followers }) => {
    for (const folder of followers) await renameRun(folder, nameOf(to)).catch(unlessGone);
    if (followers.length > 0) runs.renamed();
  });
}

/** The folders of the runs that belong to the file. */
async function runsOfFile(path: string, runs: RunLibrary): Promise<string[]> {
  const name = nameOf(path);
  // To a file whose content is no embedding no run can be found.
  const file = await unlessRefused(readFile(path));
  if (file === undefined) return [];
  const { following } = await runs.ownersOf(await runs.folders(name), { file, running: new Set() });
  return [...following];
}

/** Gives the runs the new name of the file; if this fails for one of them, all keep the old name. */
async function renameAllRuns({ from, to, followers }: NotedMove, runs: RunLibrary): Promise<void> {
  const done: string[] = [];
  try {
    for (const folder of followers) {
      await renameRun(folder, nameOf(to));
      done.push(folder);
    }
  } catch (cause) {
    for (const folder of done) await renameRun(folder, nameOf(from)).catch(() => undefined);
    throw cause;
  }
  if (followers.length > 0) runs.renamed();
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

async function readFile(path: string): Promise<NonNullable<PresentEmbedding["file"]>> {
  const { step, vectors } = await loadEmbeddingFile({ name: nameOf(path), path });
  return { step, vectors, modifiedAt: (await stat(path)).mtimeMs };
}

/** The user may delete a run while no server runs. */
function unlessGone(cause: unknown): void {
  if (codeOf(cause) !== "FOLDER_MISSING") throw cause;
}
