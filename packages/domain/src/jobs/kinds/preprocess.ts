/** @file The kind of job that prepares a folder of pictures for training. */
import { PreprocessSettingsSchema } from "../../settings/preprocess-settings.ts";
import { defineJob } from "../define-job.ts";
import { folderTitle } from "../job-title.ts";

/** The settings name everything that the job needs. */
export const preprocess = defineJob<object>()({
  kind: "preprocess",
  settings: PreprocessSettingsSchema,
  lane: "pictures",
  list: "datasets",
  title: ({ processSrc }) => `Preprocess "${folderTitle(processSrc)}"`,
});
