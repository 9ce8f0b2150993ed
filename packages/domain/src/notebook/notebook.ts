/** @file The notebook of an embedding: the words of a checkpoint nearest to its vectors, and the vectors' lengths beside the words' lengths. */
import { z } from "zod";

/** A token of the checkpoint's vocabulary. */
const NearWordSchema = z.object({
  id: z.number().int(),
  text: z.string(),
  /** False for a token that only begins or continues a word. */
  endsWord: z.boolean(),
  /** Cosine of the angle between the vectors, -1 to 1. */
  similarity: z.number(),
});
export type NearWord = z.infer<typeof NearWordSchema>;

const NotebookVectorSchema = z.object({
  /** Euclidean length. */
  norm: z.number(),
  /** Percentage of the vocabulary's tokens with a shorter vector. */
  percentile: z.number(),
  /** Most similar first. */
  nearest: z.array(NearWordSchema),
});
export type NotebookVector = z.infer<typeof NotebookVectorSchema>;

export const NotebookSchema = z.object({
  name: z.string(),
  path: z.string(),
  key: z.string().nullable(),
  shortHash: z.string(),
  checkpointName: z.string(),
  width: z.number().int(),
  vectors: z.array(NotebookVectorSchema),
  /** Lengths of the vectors of all tokens. */
  vocabulary: z.object({
    tokens: z.number().int(),
    mean: z.number(),
    /** A percentile, and the length at it. */
    percentiles: z.array(z.object({ percent: z.number(), norm: z.number() })),
    /** Numbers of tokens in bins of equal width from `from` to `to`; the first and the last bin include tokens outside that range. */
    histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number().int()) }),
  }),
  /** Cosine between each two vectors, `[count][count]`. */
  own: z.array(z.array(z.number())),
  /** The folder's other embeddings of this width, most similar first. */
  others: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      vectors: z.number().int(),
      /** Cosine between the means of the two embeddings' vectors. */
      similarity: z.number(),
      /** Indices, from 0, of the two most similar vectors. */
      closest: z.object({ own: z.number().int(), other: z.number().int(), similarity: z.number() }),
    }),
  ),
});
export type Notebook = z.infer<typeof NotebookSchema>;
