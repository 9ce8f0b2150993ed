/** @file Turns prompt chunks into tensors: token ids, weights, and the places of embeddings' rows. */
import { CHUNK_TOKENS } from "@lexeme/networks";
import type { HostTensor } from "@lexeme/runtime";
import { END_TOKEN, type PromptChunk } from "@lexeme/tokenizer";

/** Rows of embeddings by name, each `[vectors, width]` in row-major order. */
export type LearnedRows = ReadonlyMap<string, Float32Array>;

/** `ids`, `keep` and `multipliers` of the text graphs, for prompts (outer list) of equally many chunks. */
export function tokenFeeds(
  prompts: readonly (readonly PromptChunk[])[],
  { padToken }: { padToken: number | undefined },
) {
  const chunks = prompts.flat();
  const batch = prompts.length;
  const tokens = (chunks.length / batch) * CHUNK_TOKENS;
  const keep = new Float32Array(chunks.length * CHUNK_TOKENS).fill(1);
  for (const { at } of learnedPlaces(chunks)) keep[at] = 0;
  return {
    ids: {
      dtype: "int64",
      shape: [batch, tokens],
      data: BigInt64Array.from(
        chunks.flatMap(({ ids }) => padded(ids, padToken)),
        BigInt,
      ),
    },
    keep: { dtype: "float32", shape: [batch, tokens, 1], data: keep },
    multipliers: {
      dtype: "float32",
      shape: [batch, tokens],
      data: Float32Array.from(chunks.flatMap(({ multipliers }) => multipliers)),
    },
  } as const satisfies Record<string, HostTensor>;
}

/** SD 2.x: every token after the first end token, even one that the user typed, becomes `padToken`, as in A1111. */
function padded(ids: readonly number[], padToken: number | undefined): readonly number[] {
  const end = ids.indexOf(END_TOKEN);
  if (padToken === undefined || end < 0) return ids;
  return ids.map((id, i) => (i > end ? padToken : id));
}

/** `learned` [1, 77, width] of one chunk. */
export function learnedFeed(chunk: PromptChunk, rows: LearnedRows, width: number): HostTensor {
  const data = new Float32Array(CHUNK_TOKENS * width);
  for (const { at, embedding, row } of learnedPlaces([chunk])) {
    data.set(rowsOf(rows, embedding).subarray(row * width, (row + 1) * width), at * width);
  }
  return { dtype: "float32", shape: [1, CHUNK_TOKENS, width], data };
}

/**
 * `selection` [B * tokens, vectors]: 1 at each place of a row of the stacked vectors.
 * `firstRow` is the first row of each embedding in the stack.
 */
export function selectionFeed(
  chunks: readonly PromptChunk[],
  stack: { firstRow: ReadonlyMap<string, number>; vectors: number },
): HostTensor {
  const data = new Float32Array(chunks.length * CHUNK_TOKENS * stack.vectors);
  for (const { at, embedding, row } of learnedPlaces(chunks)) {
    const first = stack.firstRow.get(embedding);
    if (first === undefined) throw new TypeError(`embedding "${embedding}" is not in the stack`);
    data[at * stack.vectors + first + row] = 1;
  }
  return { dtype: "float32", shape: [chunks.length * CHUNK_TOKENS, stack.vectors], data };
}

function learnedPlaces(chunks: readonly PromptChunk[]): { at: number; embedding: string; row: number }[] {
  return chunks.flatMap(({ learned }, index) =>
    learned.map(({ position, embedding, row }) => ({ at: index * CHUNK_TOKENS + position, embedding, row })),
  );
}

function rowsOf(rows: LearnedRows, embedding: string): Float32Array {
  const found = rows.get(embedding);
  if (!found) throw new TypeError(`embedding "${embedding}" is not loaded`);
  return found;
}
