/** @file The kind of job that compares an embedding with the vocabulary and with the other embeddings. */
import { NotebookSettingsSchema } from "../../settings/notebook-settings.ts";
import { defineJob } from "../define-job.ts";
import type { CheckpointRef } from "../model-refs.ts";

/** Paths are absolute. */
export interface NotebookContext {
  checkpoint: CheckpointRef;
  embeddingsDir: string;
  /** Lexeme's folder for caches: notebooks are stored there. */
  cacheDir: string;
}

export const notebook = defineJob<NotebookContext>()({
  kind: "notebook",
  settings: NotebookSettingsSchema,
  lane: "pictures",
  list: null,
  title: ({ embeddingName }) => `Notebook of "${embeddingName}"`,
});
