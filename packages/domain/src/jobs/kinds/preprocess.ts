/** @file The kind of job that prepares a folder of pictures for training. */
import { PreprocessSettingsSchema } from "../../settings/preprocess-settings.ts";
import { defineJob } from "../define-job.ts";
import { folderTitle } from "../job-title.ts";

/** Paths are absolute. */
export interface PreprocessContext {
  /** Lexeme's folder for the records of unfinished runs. */
  recordsDir: string;
  /** Pictures of the source that may not be read, by file name, with the reason. */
  leftOut: Record<string, string>;
  /** Replaced files go to the bin; the other folders are those to which it restores. */
  bin: { bin: string; dataDir: string; embeddings: string; outputs: string };
}

export const preprocess = defineJob<PreprocessContext>()({
  kind: "preprocess",
  settings: PreprocessSettingsSchema,
  lane: "pictures",
  list: "datasets",
  title: ({ processSrc }) => `Preprocess "${folderTitle(processSrc)}"`,
});
