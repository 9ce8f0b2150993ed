/** @file The settings of an embedding's notebook. */
import { z } from "zod";
import { CHECKPOINT_TEXT, PATH_TEXT } from "./bounded-text.ts";
import { ExistingEmbeddingNameSchema } from "./create-embedding-settings.ts";

export const NotebookSettingsSchema = z.object({
  embeddingName: ExistingEmbeddingNameSchema,
  /** The embedding's file, if several have the name. */
  path: PATH_TEXT.nullable().default(null),
  /** The checkpoint whose vocabulary the embedding is compared with; null is the checkpoint chosen on the page. */
  checkpoint: CHECKPOINT_TEXT,
});
export type NotebookSettings = z.infer<typeof NotebookSettingsSchema>;
