/** @file Renames an embedding's file, and gives the runs that belong to it the new name: the history follows the file. */
import { LexemeError, codeOf } from "@lexeme/core";
import { loadEmbeddingFile, moveNoted, finishNotedMove, renameRun, type Move } from "@lexeme/data-folder";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileTaken } from "./embedding-replacing.ts";
import type { RunLibrary } from "./run-library.ts";

export interface RenamingParts {
  /** The file that notes a renaming until it is done. */
  readonly note: string;
  readonly runs: RunLibrary;
}

/** Throws LexemeError `EMBEDDING_EXISTS` if another file has the name, and the errors of `moveNoted`; then nothing is renamed. */
export async function renameEmbedding(move: Move, { note, runs }: RenamingParts): Promise<void> {
  await moveNoted(note, move, (done) => renameRuns(done, runs)).catch((cause: unknown) => {
    throw codeOf(cause) === "EEXIST" ? fileTaken(basename(move.to), cause) : cause;
  });
}

/** Finishes the renaming that a killed server left. Throws the errors of `finishNotedMove`. */
export async function finishRenaming({ note, runs }: RenamingParts): Promise<void> {
  await finishNotedMove(note, (done) => renameRuns(done, runs));
}

/** Gives the runs that belong to the moved file its new name; if this fails for one of them, all keep the old name. */
async function renameRuns({ from, to }: Move, runs: RunLibrary): Promise<void> {
  const [oldName, newName] = [from, to].map((path) => basename(path, extname(path))) as [string, string];
  const file = await presentFile(to, newName);
  if (file === undefined) return;
  const { runs: all, own } = await runs.historyOf(oldName, { file, running: new Set() });
  const moved = all.map(({ folder }) => folder).filter((folder) => own.has(folder));
  const done: string[] = [];
  try {
    for (const folder of moved) {
      await renameRun(folder, newName);
      done.push(folder);
    }
  } catch (cause) {
    for (const folder of done) await renameRun(folder, oldName).catch(() => undefined);
    throw cause;
  }
  if (moved.length > 0) runs.changed();
}

/** Undefined for a file that cannot be read: no run wrote it. */
async function presentFile(path: string, name: string) {
  try {
    const { step, vectors } = await loadEmbeddingFile({ name, path });
    return { step, vectors, modifiedAt: (await stat(path)).mtimeMs };
  } catch (cause) {
    if (cause instanceof LexemeError) return undefined;
    throw cause;
  }
}
