/** @file The server's part of a preprocess job: its check and its context. */
import { withField } from "@lexeme/core";
import { DatasetFolder } from "@lexeme/data-folder";
import type { ServerJob } from "../server-job.ts";

export const preprocessJob: ServerJob<"preprocess"> = {
  async validate({ processSrc, processDst }, { datasets, roots }) {
    await datasets.requirePictures(processSrc, "processSrc");
    const destination = await roots.requireInsideEvenIfMissing(processDst, { write: true, field: "processDst" });
    await withField("processDst", () => new DatasetFolder(processSrc).requireOther(destination));
    return null;
  },
  context: async () => ({}),
};
