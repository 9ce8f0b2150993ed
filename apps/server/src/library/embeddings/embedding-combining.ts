/** @file Arithmetic on embeddings: merges several embeddings, or keeps some vectors of one embedding. An embedding has a few thousand numbers, so a request can do this work. */
import { LexemeError } from "@lexeme/core";
import type { LoadedEmbedding } from "@lexeme/data-folder";
import type { TextualInversionToWrite } from "@lexeme/formats";
import type { MergeMethod } from "@lexeme/domain/settings";

export interface MergePart {
  name: string;
  embedding: LoadedEmbedding;
  weight: number;
}

/** The merged embedding counts as trained for 0 steps. The checkpoint's name and hash are kept if they are the same for all parts. Throws LexemeError `EMBEDDING_MISFIT`. */
export function mergeEmbeddings(
  parts: readonly MergePart[],
  method: MergeMethod,
): Omit<TextualInversionToWrite, "name"> {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError("nothing to merge");
  const { width, count } = first.embedding;
  for (const { name, embedding } of rest) {
    if (embedding.width !== width) {
      throw misfit(
        `"${name}" has vectors ${embedding.width} wide and "${first.name}" ${width}: they are for different kinds of checkpoint`,
      );
    }
    if (method !== "concatenate" && embedding.count !== count) {
      throw misfit(
        `"${name}" has ${embedding.count} vectors and "${first.name}" ${count}: embeddings can be added only if they have equally many vectors; concatenate them, or prune one first`,
      );
    }
  }
  const agreed = (key: "sdCheckpoint" | "sdCheckpointName"): string | undefined =>
    rest.every(({ embedding }) => embedding[key] === first.embedding[key]) ? first.embedding[key] : undefined;
  return {
    ...(method === "concatenate" ? concatenated(parts) : summed(parts, method)),
    width,
    step: 0,
    sdCheckpoint: agreed("sdCheckpoint"),
    sdCheckpointName: agreed("sdCheckpointName"),
  };
}

/** The vectors of an embedding with the row numbers `keep`, in that order. Throws LexemeError `EMBEDDING_MISFIT`. */
export function pruneEmbedding(
  name: string,
  { vectors, count, width, ...facts }: LoadedEmbedding,
  keep: readonly number[],
): Omit<TextualInversionToWrite, "name"> {
  const missing = keep.find((row) => row >= count);
  if (missing !== undefined)
    throw misfit(`"${name}" has ${count} vectors, and there is no vector ${missing + 1}`, "keep");
  const kept = new Float32Array(keep.length * width);
  for (const [i, row] of keep.entries()) kept.set(vectors.subarray(row * width, (row + 1) * width), i * width);
  return { ...facts, vectors: kept, count: keep.length, width };
}

function concatenated(parts: readonly MergePart[]): { vectors: Float32Array; count: number } {
  const count = parts.reduce((sum, { embedding }) => sum + embedding.count, 0);
  if (count > MAX_VECTORS) {
    throw misfit(
      `Together they have ${count} vectors, and a prompt takes at most ${MAX_VECTORS} in a row: leave some out`,
    );
  }
  const vectors = new Float32Array(count * parts[0]!.embedding.width);
  let at = 0;
  for (const { embedding } of parts) {
    vectors.set(embedding.vectors, at);
    at += embedding.vectors.length;
  }
  return { vectors, count };
}

/** Sums in double precision. */
function summed(parts: readonly MergePart[], method: "average" | "weighted"): { vectors: Float32Array; count: number } {
  const { vectors, count } = parts[0]!.embedding;
  const sums = new Float64Array(vectors.length);
  for (const { embedding, weight } of parts) {
    const factor = method === "average" ? 1 / parts.length : weight;
    for (let i = 0; i < sums.length; i++) sums[i]! += factor * embedding.vectors[i]!;
  }
  return { vectors: Float32Array.from(sums), count };
}

/** A chunk of a prompt holds this many vectors, and an embedding is never split. */
const MAX_VECTORS = 75;

function misfit(message: string, field = "parts"): Error {
  return new LexemeError("EMBEDDING_MISFIT", message, { details: { field } });
}
