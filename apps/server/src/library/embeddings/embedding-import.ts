/** @file Takes an uploaded file of any embedding format into the folder of embeddings: read and checked first, so that a broken file never arrives there. */
import { LexemeError } from "@lexeme/core";
import {
  EmbeddingFolder,
  fileNameOf,
  namingEmbedding,
  requireFileName,
  writeWholeFile,
  type EmbeddingEntry,
  type LoadedEmbedding,
} from "@lexeme/data-folder";
import { EMBEDDING_FORMATS, embeddingFormatOf } from "@lexeme/domain/libraries";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { UploadedFile } from "../datasets/uploads.ts";

/** An uploaded file that was read, in a folder of its own. */
export interface StagedEmbedding {
  readonly folder: EmbeddingFolder;
  /** The words of the file that can be read; at least one. */
  readonly words: readonly EmbeddingEntry[];
  /** The file's name, in a form that every file system allows. */
  readonly file: string;
}

/** Holds the files that are being read. A killed server leaves some, which the next one removes. */
export function importsFolder(cache: string): string {
  return join(cache, "imports");
}

/**
 * Receives the file into a folder inside `cache`, reads it, calls `use` and removes the folder again. Throws LexemeError `EMBEDDING_UNREADABLE` with
 * the reason for a file of another format, without an embedding, or that is too large; and the fault of the reader.
 */
export async function withStagedEmbedding<T>(
  { cache, upload: { filename, stream } }: { cache: string; upload: UploadedFile },
  use: (staged: StagedEmbedding) => Promise<T>,
): Promise<T> {
  const parent = importsFolder(cache);
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, "file-"));
  try {
    const file = safeName(filename);
    if (embeddingFormatOf(file) === undefined) {
      stream.resume();
      throw unreadable(filename, `it is none of ${EMBEDDING_FORMATS.map((format) => `.${format}`).join(", ")}`);
    }
    await pipeline(stream, createWriteStream(join(path, file), { flags: "wx" }));
    if (stream.truncated === true) throw unreadable(filename, "it is too large for an embedding");
    const folder = new EmbeddingFolder(path);
    const entries = await folder.scan();
    const words = entries.filter(({ facts }) => facts !== undefined);
    if (words.length === 0) {
      const fault = entries[0]?.fault;
      throw fault === undefined ? unreadable(filename, "there is no embedding in it") : namingEmbedding(file, fault);
    }
    return await use({ folder, words, file });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** Copies the staged file as it is into `folder`. Throws LexemeError `FILE_EXISTS`. */
export async function moveIn({ folder, file }: StagedEmbedding, into: string): Promise<string> {
  const path = join(into, file);
  await writeWholeFile(path, await readFile(join(folder.path, file)), { replace: false });
  return path;
}

/** The single word of the file, to be written under another name or in place of another file. Throws LexemeError `EMBEDDING_EXISTS` if it has several. */
export async function onlyWordOf({ folder, words, file }: StagedEmbedding): Promise<LoadedEmbedding> {
  const [word, ...more] = words;
  if (word !== undefined && more.length === 0) return folder.load(word);
  const names = words.map(({ name }) => `"${name}"`).join(", ");
  const message = `"${file}" holds several words (${names}), of which one exists already: rename or delete that one first`;
  throw new LexemeError("EMBEDDING_EXISTS", message, { details: { field: "name" } });
}

function safeName(filename: string): string {
  const base = basename(filename.replaceAll("\\", "/"))
    .normalize("NFC")
    .replaceAll(/^[. ]+|[. ]+$/gu, "");
  const extension = extname(base);
  const stem = fileNameOf(base.slice(0, base.length - extension.length).trim() || "embedding");
  requireFileName(stem, "name");
  return `${stem}${extension}`;
}

function unreadable(filename: string, why: string): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot import "${basename(filename)}": ${why}`);
}
