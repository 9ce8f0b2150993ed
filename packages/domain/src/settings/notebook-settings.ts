/** @file The settings of an embedding's notebook. */
import { z } from "zod";
import { ExistingEmbeddingNameSchema } from "./create-embedding-settings.ts";

export const NotebookSettingsSchema = z.object({
  embeddingName: ExistingEmbeddingNameSchema,
  /** The embedding's file, if several have the name. */
  path: z.string().nullable().default(null),
  /** The checkpoint whose vocabulary the embedding is compared with; null is the checkpoint chosen on the page. */
  checkpoint: z.string().nullable().default(null),
});
export type NotebookSettings = z.infer<typeof NotebookSettingsSchema>;
