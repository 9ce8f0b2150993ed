/** @file The folder of embeddings as it is right now: looked at for each job, so that a file put there a moment ago is found. */
import { LexemeError } from "@lexeme/core";
import {
  embeddingShortHash,
  readTextualInversion,
  bytesAccess,
  type EmbeddingEntry,
  type TextualInversion,
} from "@lexeme/formats";
import { openEmbeddingFolder } from "@lexeme/formats/node";
import { readFile, stat } from "node:fs/promises";

export interface LoadedEmbedding extends TextualInversion {
  readonly name: string;
  readonly path: string;
  /** First 12 hex digits of the file's sha256, as infotext lists it. */
  readonly shortHash: string;
}

interface Expected {
  readonly textWidth: number;
  readonly modelName: string;
}

/** A copy or a file from elsewhere; embeddings are smaller by far. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** What files hold is remembered as long as this process lives. */
const FOLDER = openEmbeddingFolder();

/** All words of `folder` and its sub-folders in A1111's order of loading. A folder that is not there holds none. */
export function listEmbeddings(folder: string): Promise<EmbeddingEntry[]> {
  return FOLDER.scan(folder);
}

/** Reads an embedding of the list. Throws LexemeError with its name when it cannot be read, or is not as wide as the text encoder (`EMBEDDING_WIDTH`). */
export async function loadEmbedding(entry: EmbeddingEntry, expected: Expected): Promise<LoadedEmbedding> {
  const { name, path, shortHash } = entry;
  return fitting({ ...(await FOLDER.load(entry)), name, path, shortHash }, expected);
}

/** Reads the one embedding of a file anywhere, as a copy of a run, under the name that it is to have. Throws as `loadEmbedding`. */
export async function loadEmbeddingFile(
  { name, path }: { name: string; path: string },
  expected: Expected,
): Promise<LoadedEmbedding> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new LexemeError("EMBEDDING_UNREADABLE", `it has ${Math.round(size / 1e6)} MB and is no embedding`);
    }
    const bytes = Uint8Array.from(await readFile(path));
    const inversion = await readTextualInversion(bytesAccess(bytes));
    return fitting({ ...inversion, name, path, shortHash: await embeddingShortHash(bytes) }, expected);
  } catch (cause) {
    const known = cause instanceof LexemeError ? cause : undefined;
    if (known?.code === "EMBEDDING_WIDTH") throw cause;
    const reason = known?.message.replace(/^Cannot (read|use) this embedding: /, "") ?? (cause as Error).message;
    const code = known?.code ?? "EMBEDDING_UNREADABLE";
    throw new LexemeError(code, `Cannot use embedding "${name}": ${reason}`, { details: { name, path }, cause });
  }
}

function fitting(embedding: LoadedEmbedding, { textWidth, modelName }: Expected): LoadedEmbedding {
  const { name, path, width } = embedding;
  if (width === textWidth) return embedding;
  throw new LexemeError(
    "EMBEDDING_WIDTH",
    `Cannot use embedding "${name}": its vectors are ${width} wide, checkpoint "${modelName}" takes ${textWidth}`,
    { details: { name, path } },
  );
}
