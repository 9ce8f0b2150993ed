/** @file The server's part of a preprocess job: its check and its context. */
import { requireRoom } from "@lexeme/data-folder";
import type { ServerJob } from "../server-job.ts";

export const preprocessJob: ServerJob<"preprocess"> = {
  async validate(settings, { datasets }) {
    requireRoom(await datasets.planPreprocess(settings), settings);
    return null;
  },
  async context({ settings }, { datasets, folders }) {
    const { preprocessRecords: recordsDir, bin, dataDir, embeddings, outputs } = folders;
    const leftOut = await datasets.linkedOutside(settings.processSrc);
    return { recordsDir, leftOut, bin: { bin, dataDir, embeddings, outputs } };
  },
};
