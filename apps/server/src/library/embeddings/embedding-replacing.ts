/** @file Writes an embedding's file in place of older files: the new file is on the disk before an old one goes, and old ones are in the bin before that. */
import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import {
  encodeEmbedding,
  isSameFile,
  writeWholeFile,
  type Bin,
  type EmbeddingEntry,
  type LoadedEmbedding,
  type PresentEmbedding,
} from "@lexeme/data-folder";
import type { WrittenFormat } from "@lexeme/domain/libraries";
import type { TextualInversionToWrite } from "@lexeme/formats";

export interface Replacement {
  readonly folder: string;
  readonly fileFormat: WrittenFormat;
  /** Files that the embedding replaces. They go to the bin. */
  readonly old: readonly string[];
  /** The action, as the bin names it. */
  readonly by: string;
}

/**
 * Writes the embedding and returns the path of its file. Whenever the process ends, the folder has the old files or the new file. If the new file cannot be
 * written, nothing is changed; if that is not certain, the bin keeps the old files. Throws the errors of `writeWholeFile`: `FILE_EXISTS` for a file in its place that is not among the old.
 */
export async function replaceEmbedding(
  { folder, fileFormat, old, by }: Replacement,
  embedding: TextualInversionToWrite,
  bin: Bin,
): Promise<string> {
  const path = join(folder, `${embedding.name}.${fileFormat}`);
  const isThere = await Promise.all(old.map((one) => isSameFile(one, path)));
  const before = await Promise.all(old.map(identityOf));
  let kept: string | undefined;
  const beforeNaming = async () => {
    if (old.length > 0) kept = await bin.keep(old, { why: "replaced", by });
  };
  try {
    const bytes = encodeEmbedding(embedding, fileFormat);
    await writeWholeFile(path, bytes, { replace: isThere.includes(true), replacesLink: true, beforeNaming });
  } catch (error) {
    // The new file may have its name already, for example if the disk fails when the folder is flushed. Then the bin has the only old one.
    const after = await Promise.all(old.map(identityOf));
    if (kept !== undefined && after.every((one, i) => one !== undefined && one === before[i])) await bin.remove(kept);
    throw error;
  }
  for (const [i, one] of old.entries()) if (!isThere[i]) await rm(one, { force: true });
  return path;
}

/** Throws LexemeError `EMBEDDING_CHANGED` if the embedding has other vectors than the copy. */
export function requireVectors(name: string, present: PresentEmbedding["file"], copy: LoadedEmbedding): void {
  const isSame =
    present?.vectors.length === copy.vectors.length && present.vectors.every((x, i) => x === copy.vectors[i]);
  if (isSame) return;
  const message = `"${name}" is no longer the copy of step ${copy.step}, so nothing was replaced: use a copy of the list instead`;
  throw new LexemeError("EMBEDDING_CHANGED", message, { details: { name } });
}

/** A text that tells the file or link at this path from any other that exists at the same time; undefined if there is none or it cannot be told. */
async function identityOf(path: string): Promise<string | undefined> {
  const status = await lstat(path, { bigint: true }).catch(() => undefined);
  return status && `${status.dev}:${status.ino}`;
}

/** Refuses a name that embeddings have already. `mayReplace`: the same request can ask to replace them. */
export function nameTaken(
  name: string,
  entries: readonly EmbeddingEntry[],
  { mayReplace }: { mayReplace: boolean },
): Error {
  const file = entries[0]?.file ?? name;
  const remedy = mayReplace ? 'choose another name, or allow "Overwrite old embedding"' : "choose another name";
  const message = `There is already an embedding "${file}": ${remedy}`;
  return new LexemeError("EMBEDDING_EXISTS", message, { details: { field: "name", name } });
}

/** Refuses a name whose file holds other words than this name, so that no embedding of that name is listed. */
export function fileTaken(file: string, cause: unknown): Error {
  const message = `There is already a file "${file}", which stays as it is: choose another name`;
  return new LexemeError("EMBEDDING_EXISTS", message, { details: { field: "name" }, cause });
}
