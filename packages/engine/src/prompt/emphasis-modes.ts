/** @file A prompt's weights on the text encoder's output, in the modes of A1111's setting `emphasis`. */
import { CHUNK_TOKENS } from "@lexeme/networks";
import type { EmphasisMode } from "@lexeme/domain/settings";

/** One text: what the encoder gave without weights `[chunks * 77, width]`, and a weight for each row. Changed in place. */
export interface WeightedText {
  readonly data: Float32Array;
  readonly multipliers: readonly number[];
  /** How many variants say this, 1 where left out: it then counts so often in the mean. */
  readonly count?: number;
}

/**
 * Multiplies each row by its weight. "Original" then scales each chunk so that its mean is what it was, over all texts together: A1111
 * encodes all variants of an edited prompt as one batch. All texts have equally many chunks. "Ignore" and "None" change nothing.
 */
export function emphasise(texts: readonly WeightedText[], mode: EmphasisMode): void {
  if (mode === "Ignore" || mode === "None") return;
  const [first] = texts;
  if (first === undefined) return;
  const width = first.data.length / first.multipliers.length;
  const chunkLength = CHUNK_TOKENS * width;
  for (let start = 0; start < first.data.length; start += chunkLength) {
    const chunks = texts.map(({ data, multipliers, count = 1 }) => ({
      count,
      z: data.subarray(start, start + chunkLength),
      weights: multipliers.slice(start / width, start / width + CHUNK_TOKENS),
    }));
    // With nothing to weigh the factor is 1, to the bit.
    if (chunks.every(({ weights }) => weights.every((weight) => weight === 1))) continue;
    const before = sum(chunks);
    for (const { z, weights } of chunks)
      weights.forEach((weight, row) => scale(z, weight, { from: row * width, width }));
    if (mode === "No norm") continue;
    const factor = before / sum(chunks);
    for (const { z } of chunks) scale(z, factor, { from: 0, width: z.length });
  }
}

function scale(z: Float32Array, factor: number, { from, width }: { from: number; width: number }): void {
  if (factor === 1) return;
  for (let i = from; i < from + width; i++) z[i]! *= factor;
}

function sum(chunks: readonly { readonly z: Float32Array; readonly count: number }[]): number {
  let total = 0;
  for (const { z, count } of chunks) total += count * z.reduce((part, value) => part + value, 0);
  return total;
}
