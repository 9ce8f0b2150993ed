/** @file What a notebook of an embedding is made of. */
import { z } from "zod";
import { ExistingEmbeddingNameSchema } from "./create-embedding-settings.ts";

export const NotebookSettingsSchema = z.object({
  embeddingName: ExistingEmbeddingNameSchema,
  /** Which file, where several have the name. */
  path: z.string().nullable().default(null),
  /** Checkpoint whose vocabulary it is compared with; null is the one chosen now. */
  checkpoint: z.string().nullable().default(null),
});
export type NotebookSettings = z.infer<typeof NotebookSettingsSchema>;
