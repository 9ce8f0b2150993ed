/** @file What the server does for a preprocess. */
import { LexemeError } from "@lexeme/core";
import { realpath } from "node:fs/promises";
import type { ServerJob } from "../server-job.ts";

export const preprocessJob: ServerJob<"preprocess"> = {
  async validate({ processSrc, processDst }, { datasets, roots }) {
    await datasets.requirePictures(processSrc, "processSrc");
    const destination = await roots.requireInsideEvenIfMissing(processDst, { write: true, field: "processDst" });
    const [realSource, realDestination] = await Promise.all([
      realpath(processSrc),
      realpath(destination).catch(() => destination),
    ]);
    if (realSource !== realDestination) return null;
    throw new LexemeError(
      "DESTINATION_IS_SOURCE",
      "The destination is the source itself, whose pictures would be overwritten: choose another folder",
      { details: { field: "processDst" } },
    );
  },
  context: async () => ({}),
};
