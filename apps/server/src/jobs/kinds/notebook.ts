/** @file The server's part of a notebook job: its check and its context. */
import type { ServerJob } from "../server-job.ts";

export const notebookJob: ServerJob<"notebook"> = {
  async validate({ embeddingName: name, path, checkpoint: chosen }, { checkpoints, embeddings }) {
    const checkpoint = await checkpoints.require(chosen);
    await embeddings.requireFitting({ name, path, field: "embeddingName" }, checkpoint);
    return checkpoint.name;
  },
  async context({ checkpoint }, { folders, checkpoints }) {
    return {
      checkpoint: await checkpoints.ref(checkpoint),
      embeddingsDir: folders.embeddings,
      cacheDir: folders.cache,
    };
  },
};
