/** @file Settings for making a new embedding from others: by merging several, or by keeping some vectors of one. */
import { z } from "zod";
import { PATH_TEXT } from "./bounded-text.ts";
import { setting } from "./setting.ts";
import { fileFormatField } from "./file-format-field.ts";
import { EmbeddingNameSchema } from "./create-embedding-settings.ts";

const targetFields = {
  /** The word that calls the new embedding. */
  name: setting(EmbeddingNameSchema, { title: "New name" }),
  overwriteOld: setting(z.boolean().default(false), { title: "Overwrite old embedding" }),
  fileFormat: fileFormatField,
};

export const MERGE_METHODS = ["average", "weighted", "concatenate"] as const;
/** The ways to merge embeddings: the mean of each vector, the weighted sum of each vector, or all vectors one after the other. */
export type MergeMethod = (typeof MERGE_METHODS)[number];

/** One of the folder's embeddings; `path` selects the file if several have the name. */
const SourceEmbeddingSchema = z.object({ name: PATH_TEXT, path: PATH_TEXT.nullable().default(null) });

export const MergeEmbeddingsSchema = z.object({
  ...targetFields,
  method: setting(z.enum(MERGE_METHODS).default("average"), { title: "Method" }),
  parts: z
    .array(SourceEmbeddingSchema.extend({ weight: z.number().min(-10).max(10).default(1) }))
    .min(2, "Choose two embeddings or more")
    .max(20, "At most 20 embeddings are merged at once"),
});
export type MergeEmbeddings = z.infer<typeof MergeEmbeddingsSchema>;

export const PruneEmbeddingSchema = z.object({
  ...targetFields,
  path: PATH_TEXT.nullable().default(null),
  /** Indices of the vectors to keep, from 0, in the order of the new embedding. */
  keep: z.array(z.number().int().min(0)).min(1, "Keep one vector or more"),
});
export type PruneEmbedding = z.infer<typeof PruneEmbeddingSchema>;
