/** @file A file with a single embedding, such as a training's copy, in any folder; and the check whether an embedding fits a checkpoint. */
import { LexemeError, rethrowOwnMistake } from "@lexeme/core";
import type { WrittenFormat } from "@lexeme/domain/libraries";
import {
  bytesAccess,
  embeddingShortHash,
  readTextualInversion,
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type TextualInversion,
  type TextualInversionToWrite,
} from "@lexeme/formats";
import { readRegularFile } from "./folder-walk.ts";
import { stepOfCopy } from "./run-folder.ts";

/** 1024 rows of 8192 floats are 32 MiB. A checkpoint in place of an embedding is larger and is not read. */
export const MAX_EMBEDDING_BYTES = 64 * 1024 * 1024;

export interface LoadedEmbedding extends Omit<TextualInversion, "step"> {
  /** 0 if the file does not give it. */
  readonly step: number;
  readonly name: string;
  readonly path: string;
  /** First 12 hex digits of the file's sha256, as in infotext. */
  readonly shortHash: string;
}

/** The text encoder that an embedding must fit. */
export interface TextEncoderWidth {
  readonly textWidth: number;
  /** Name of the checkpoint, for the message. */
  readonly modelName: string;
}

/**
 * Reads the single embedding of a file under the name `name`. Its step comes from inside the file, otherwise from the file's name.
 * Throws a LexemeError with the name if it cannot be read, and the `EMBEDDING_MISFIT` of `requireWidth`.
 */
export async function loadEmbeddingFile(
  { name, path }: { name: string; path: string },
  expected?: TextEncoderWidth,
): Promise<LoadedEmbedding> {
  const embedding = await readNamed(name, path);
  if (expected) requireWidth(embedding, expected);
  return embedding;
}

async function readNamed(name: string, path: string): Promise<LoadedEmbedding> {
  try {
    const bytes = await readRegularFile(path, MAX_EMBEDDING_BYTES);
    if (bytes === undefined) throw new LexemeError("FILE_MISSING", "its file is gone");
    const inversion = await readTextualInversion(bytesAccess(bytes));
    // The step inside a copy of A1111 is one less than the step in its name. The step inside is the number of trained steps.
    const step = inversion.step ? inversion.step : (stepOfCopy(path) ?? 0);
    return { ...inversion, step, name, path, shortHash: await embeddingShortHash(bytes) };
  } catch (cause) {
    throw namingEmbedding(name, cause, { path });
  }
}

/** A clause that says why vectors of `width` cannot be used with a checkpoint; undefined if they can. */
export function widthMisfit(width: number, { textWidth, modelName }: TextEncoderWidth): string | undefined {
  if (width === textWidth) return undefined;
  return `its vectors are ${width} wide, and checkpoint "${modelName}" takes ${textWidth}: it was made for a different kind of checkpoint`;
}

/** Throws LexemeError `EMBEDDING_MISFIT` with the name if the vectors do not have the text encoder's width. */
export function requireWidth(
  { name, path, width }: { name: string; path?: string; width: number },
  expected: TextEncoderWidth,
): void {
  const reason = widthMisfit(width, expected);
  if (reason === undefined) return;
  throw new LexemeError("EMBEDDING_MISFIT", `Cannot use embedding "${name}": ${reason}`, { details: { name, path } });
}

const WRITERS: Readonly<Record<WrittenFormat, (embedding: TextualInversionToWrite) => Uint8Array>> = {
  pt: writeTextualInversionPt,
  safetensors: writeTextualInversionSafetensors,
};

/** The bytes of an embedding's file. */
export function encodeEmbedding(embedding: TextualInversionToWrite, format: WrittenFormat): Uint8Array {
  return WRITERS[format](embedding);
}

/** Turns any failure to read an embedding into a LexemeError whose sentence names the embedding. */
export function namingEmbedding(name: string, cause: unknown, details: Record<string, unknown> = {}): LexemeError {
  const fault = asEmbeddingFault(cause);
  const reason = fault.message.replace(/^Cannot (read|use) this embedding: /, "");
  return new LexemeError(fault.code, `Cannot use embedding "${name}": ${reason}`, {
    details: { ...fault.details, ...details, name },
    cause,
  });
}

/** Turns an error that is not a LexemeError, such as an error of the file system, into `EMBEDDING_UNREADABLE`. Throws mistakes of calling code again: no file causes them. */
export function asEmbeddingFault(cause: unknown): LexemeError {
  if (cause instanceof LexemeError) return cause;
  rethrowOwnMistake(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${why}`, { cause });
}
