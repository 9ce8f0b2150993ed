/** @file Applies a prompt's weights to the text encoder's output, in the modes of A1111's setting `emphasis`. */
import { CHUNK_TOKENS } from "@lexeme/networks";
import type { EmphasisMode } from "@lexeme/domain/settings";

/** One text: the encoder's output without weights, `[chunks * 77, width]`, and a weight for each row. The output is changed in place. */
export interface WeightedText {
  readonly data: Float32Array;
  readonly multipliers: readonly number[];
  /** The number of variants with this text, which is its weight in the mean; 1 if left out. */
  readonly count?: number;
}

/**
 * Multiplies each row by its weight. "Original" then scales each chunk back to its mean before, over all texts together, because A1111
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
    // Without weights the factor is exactly 1.
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
