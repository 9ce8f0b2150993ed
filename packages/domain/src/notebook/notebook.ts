/** @file The notebook of an embedding: what its vectors lie near, and how long they are, among the words of a checkpoint. */
import { z } from "zod";

/** Token of the checkpoint's vocabulary. */
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
  /** How many percent of the vocabulary's tokens are shorter. */
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
    /** Percentile and length at it. */
    percentiles: z.array(z.object({ percent: z.number(), norm: z.number() })),
    /** Tokens in bins of equal width from `from` to `to`; what lies outside is in the first or the last. */
    histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number().int()) }),
  }),
  /** Cosine of each vector with each, `[count][count]`. */
  own: z.array(z.array(z.number())),
  /** The folder's other embeddings of this width, most similar first. */
  others: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      vectors: z.number().int(),
      /** Cosine of the means of their vectors. */
      similarity: z.number(),
      /** The two vectors, from 0, that are most alike. */
      closest: z.object({ own: z.number().int(), other: z.number().int(), similarity: z.number() }),
    }),
  ),
});
export type Notebook = z.infer<typeof NotebookSchema>;
