/** @file The file that a training writes for an embedding. */
import { LexemeError } from "@lexeme/core";
import { writtenFormatFor, type WrittenFormat } from "@lexeme/domain/libraries";
import { dirname, join } from "node:path";
import { isOnlyWord, type EmbeddingEntry } from "./embedding-folder.ts";
import { requireFileName } from "./file-name.ts";

export interface TrainedWord {
  readonly name: string;
  /** The file that the training starts with; undefined if only a copy of the embedding is left. */
  readonly from: Pick<EmbeddingEntry, "path" | "format"> | undefined;
  /** The wanted format; null for the format of the file that the training starts with. */
  readonly fileFormat: WrittenFormat | null;
}

/**
 * The path and format of the trained embedding: beside the file that it started with. Throws LexemeError `EMBEDDING_NAME_UNUSABLE` if no file can
 * have the name, or if the file at that path holds several words or cannot be read, because the training would replace it.
 */
export function trainedFile(
  { name, from, fileFormat }: TrainedWord,
  { entries, embeddingsDir }: { entries: readonly EmbeddingEntry[]; embeddingsDir: string },
): { folder: string; path: string; format: WrittenFormat } {
  const format = fileFormat ?? writtenFormatFor(from?.format);
  const folder = from ? dirname(from.path) : embeddingsDir;
  const path = join(folder, `${requireFileName(name, "embeddingName")}.${format}`);
  const other = entries.find((entry) => entry.path === path && !(isOnlyWord(entry) && entry.facts !== undefined));
  if (other === undefined) return { folder, path, format };
  const why = other.facts === undefined ? "which cannot be read as an embedding" : "which holds several words";
  const message = `The training of "${name}" would replace "${other.file}", ${why}: keep the vectors of the embedding under another name first`;
  throw new LexemeError("EMBEDDING_NAME_UNUSABLE", message, { details: { field: "embeddingName", name } });
}
