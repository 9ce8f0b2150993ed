/** @file Making a new embedding of others: merging several, or keeping some vectors of one. */
import { z } from "zod";
import { setting } from "./setting.ts";
import { fileFormatField } from "./file-format-field.ts";
import { EmbeddingNameSchema } from "./create-embedding-settings.ts";

const targetFields = {
  /** The word that calls the new one. */
  name: setting(EmbeddingNameSchema, { title: "New name" }),
  overwriteOld: setting(z.boolean().default(false), { title: "Overwrite old embedding" }),
  fileFormat: fileFormatField,
};

export const MERGE_METHODS = ["average", "weighted", "concatenate"] as const;
/** How several become one: vector by vector the mean, the sum of each times its weight, or one after the other. */
export type MergeMethod = (typeof MERGE_METHODS)[number];

/** One of the folder's embeddings; `path` tells which file where several have the name. */
const SourceEmbeddingSchema = z.object({ name: z.string(), path: z.string().nullable().default(null) });

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
  path: z.string().nullable().default(null),
  /** Vectors to keep, from 0, in the order that the new one is to have. */
  keep: z.array(z.number().int().min(0)).min(1, "Keep one vector or more"),
});
export type PruneEmbedding = z.infer<typeof PruneEmbeddingSchema>;
