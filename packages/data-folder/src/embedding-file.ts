/** @file One embedding in a file of its own, wherever it lies, as a training's copy; and whether it fits a checkpoint. */
import { LexemeError } from "@lexeme/core";
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

/** 1024 rows of 8192 floats are 32 MiB; a checkpoint put in an embedding's place is not read whole. */
export const MAX_EMBEDDING_BYTES = 64 * 1024 * 1024;

export interface LoadedEmbedding extends TextualInversion {
  readonly name: string;
  readonly path: string;
  /** First 12 hex digits of the file's sha256, as infotext lists it. */
  readonly shortHash: string;
}

/** What an embedding has to fit. */
export interface TextEncoderWidth {
  readonly textWidth: number;
  /** Name of the checkpoint, for the message. */
  readonly modelName: string;
}

/**
 * Reads the one embedding of a file under the name that it is to have. Its step is that inside the file, else that of the file's name.
 * Throws LexemeError with the name when it cannot be read, and `EMBEDDING_MISFIT` as `requireWidth` does.
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
    // A copy made by A1111 holds one step less than its name says; the steps that were trained are those inside.
    const step = inversion.step > 0 ? inversion.step : (stepOfCopy(path) ?? 0);
    return { ...inversion, step, name, path, shortHash: await embeddingShortHash(bytes) };
  } catch (cause) {
    throw namingEmbedding(name, cause, { path });
  }
}

/** Why vectors of `width` cannot be used with a checkpoint, as a clause; undefined when they can. */
export function widthMisfit(width: number, { textWidth, modelName }: TextEncoderWidth): string | undefined {
  if (width === textWidth) return undefined;
  return `its vectors are ${width} wide, and checkpoint "${modelName}" takes ${textWidth}: it was made for another kind of checkpoint`;
}

/** Throws LexemeError `EMBEDDING_MISFIT` with the name when the vectors are not as wide as the text encoder. */
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

/** A failure to read as a LexemeError whose sentence begins with the embedding's name; reading foreign bytes fails in many ways. */
export function namingEmbedding(name: string, cause: unknown, details: Record<string, unknown> = {}): LexemeError {
  const fault = asEmbeddingFault(cause);
  const reason = fault.message.replace(/^Cannot (read|use) this embedding: /, "");
  return new LexemeError(fault.code, `Cannot use embedding "${name}": ${reason}`, {
    details: { ...fault.details, ...details, name },
    cause,
  });
}

/** Reading foreign bytes fails with our own errors, or with the file system's. */
export function asEmbeddingFault(cause: unknown): LexemeError {
  if (cause instanceof LexemeError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${why}`, { cause });
}
