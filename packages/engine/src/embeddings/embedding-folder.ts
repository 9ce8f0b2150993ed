/** @file The folder of embeddings as it is right now: looked at for each job, so that a file put there a moment ago is found. */
import { LexemeError } from "@lexeme/core";
import { bytesAccess, embeddingShortHash, readTextualInversion, type TextualInversion } from "@lexeme/formats";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, parse } from "node:path";

export interface EmbeddingFile {
  /** File name without ending: the word that calls it. */
  readonly name: string;
  readonly path: string;
  readonly format: "pt" | "bin" | "safetensors";
}

export interface LoadedEmbedding extends TextualInversion {
  readonly name: string;
  readonly path: string;
  /** First 12 hex digits of the file's sha256, as infotext lists it. */
  readonly shortHash: string;
}

const FORMATS: Readonly<Record<string, EmbeddingFile["format"]>> = {
  ".pt": "pt",
  ".bin": "bin",
  ".safetensors": "safetensors",
};
/** The largest embedding in use has 75 rows of 2048 values, 600 KB; a checkpoint put here by mistake is not read whole. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Embeddings of `folder` and its sub-folders by name, case aside. A folder that is not there holds none; empty files are skipped, as in A1111. */
export async function listEmbeddings(folder: string): Promise<EmbeddingFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files: EmbeddingFile[] = [];
  for (const entry of entries) {
    const { name, ext } = parse(entry.name);
    const format = FORMATS[ext.toLowerCase()];
    if (entry.isDirectory() || !format || name.startsWith(".")) continue;
    const path = join(entry.parentPath, entry.name);
    const size = await stat(path).then(
      (file) => file.size,
      () => 0,
    );
    if (size > 0) files.push({ name, path, format });
  }
  return files.sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.path, b.path));
}

/** Reads an embedding. Throws LexemeError with its name when it cannot be read, or is not as wide as the text encoder (`EMBEDDING_WIDTH`). */
export async function loadEmbedding(
  file: Pick<EmbeddingFile, "name" | "path">,
  expected: { textWidth: number; modelName: string },
): Promise<LoadedEmbedding> {
  const { name, path } = file;
  const embedding = await readEmbeddingFile(file);
  if (embedding.width !== expected.textWidth) {
    throw new LexemeError(
      `Cannot use embedding "${name}": its vectors are ${embedding.width} wide, checkpoint "${expected.modelName}" takes ${expected.textWidth}`,
      { code: "EMBEDDING_WIDTH", kind: "input", details: { name, path } },
    );
  }
  return embedding;
}

async function readEmbeddingFile({ name, path }: Pick<EmbeddingFile, "name" | "path">): Promise<LoadedEmbedding> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new LexemeError(`it has ${Math.round(size / 1e6)} MB and is no embedding`, {
        code: "EMBEDDING_UNREADABLE",
        kind: "input",
      });
    }
    const bytes = Uint8Array.from(await readFile(path));
    const inversion = await readTextualInversion(bytesAccess(bytes));
    if (!inversion.vectors.every(Number.isFinite)) {
      throw new LexemeError("its vectors hold NaN or infinity", { code: "EMBEDDING_NOT_FINITE", kind: "input" });
    }
    return { ...inversion, name, path, shortHash: await embeddingShortHash(bytes) };
  } catch (cause) {
    const known = cause instanceof LexemeError ? cause : undefined;
    const reason = known?.message.replace(/^Cannot (read|use) this embedding: /, "") ?? (cause as Error).message;
    throw new LexemeError(`Cannot use embedding "${name}": ${reason}`, {
      code: known?.code ?? "EMBEDDING_UNREADABLE",
      kind: known?.kind ?? "environment",
      details: { name, path },
      cause,
    });
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
