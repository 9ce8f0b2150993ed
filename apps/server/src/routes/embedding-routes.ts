/** @file Embeddings and the runs that trained them. */
import { LexemeError } from "@lexeme/core";
import { withStagedEmbedding } from "../library/embeddings/embedding-import.ts";
import { describeHistory } from "../library/embeddings/history-listing.ts";
import { readNotebook } from "../library/embeddings/notebooks.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";

import type { Services } from "../services.ts";

type Names =
  | "listEmbeddings"
  | "createEmbedding"
  | "importEmbedding"
  | "copyEmbedding"
  | "renameEmbedding"
  | "deleteEmbedding"
  | "exportEmbedding"
  | "mergeEmbeddings"
  | "pruneEmbedding"
  | "getNotebook"
  | "useCopy"
  | "getEmbeddingHistory"
  | "listRuns";

export function embeddingRoutes(services: Services): HandlersOf<Names> {
  const { embeddings, folders, runs, roots, jobs } = services;

  const requireIdle = (name: string) => jobs.requireIdle(name);

  return {
    listEmbeddings: () => embeddings.list(),
    async createEmbedding({ body }) {
      await embeddings.requireUntrained(body, { requireIdle });
      return embeddings.create(body);
    },
    async importEmbedding({ query, raw }) {
      const upload = raw.isMultipart() ? await raw.file() : undefined;
      if (upload === undefined)
        throw new LexemeError("REQUEST_MALFORMED", "Send the embedding's file as multipart/form-data");
      const file = { filename: upload.filename, stream: upload.file };
      return withStagedEmbedding({ cache: folders.cache, upload: file }, async (staged) => {
        const { overwriteOld } = query;
        for (const word of staged.words)
          await embeddings.requireUntrained({ name: query.name ?? word.name, overwriteOld }, { requireIdle });
        return embeddings.import(staged, query);
      });
    },
    async copyEmbedding({ params, body }) {
      await embeddings.requireUntrained({ name: body.name, overwriteOld: false }, { requireIdle });
      return embeddings.copy({ name: params.name, path: body.path }, body.name);
    },
    async renameEmbedding({ params, body }) {
      await jobs.requireIdle(params.name);
      await embeddings.requireUntrained({ name: body.name, overwriteOld: false }, { requireIdle });
      return embeddings.rename({ name: params.name, path: body.path }, body.name);
    },
    async deleteEmbedding({ params, query }) {
      const ref = { name: params.name, path: query.path };
      await jobs.requireIdle(params.name);
      // A file may hold several words, and all of them go with it.
      for (const word of await embeddings.wordsDiscarded(ref)) await jobs.requireIdle(word);
      return { undoToken: await embeddings.discard(ref) };
    },
    async exportEmbedding({ params, query }, reply) {
      const { format, path, picture } = query;
      const shown = picture === undefined ? undefined : await roots.requireInside(picture, { field: "picture" });
      const bytes = await embeddings.export({ name: params.name, path }, format, shown);
      return reply
        .type(format === "png" ? "image/png" : "application/octet-stream")
        .header("content-disposition", attachment(`${params.name}.${format}`))
        .send(Buffer.from(bytes));
    },
    async mergeEmbeddings({ body }) {
      await embeddings.requireUntrained(body, { requireIdle });
      return embeddings.merge(body);
    },
    async pruneEmbedding({ params, body }) {
      await embeddings.requireUntrained(body, { requireIdle });
      return embeddings.prune(params.name, body);
    },
    getNotebook: ({ params }) => readNotebook(jobs, params.id),
    async useCopy({ params, body }) {
      await jobs.requireIdle(params.name);
      const path = await roots.requireInside(body.path, { field: "path" });
      const instead = body.instead === null ? null : await roots.requireInside(body.instead, { field: "instead" });
      return embeddings.useCopy(params.name, { path, instead });
    },
    async getEmbeddingHistory({ params: { name } }) {
      const [file, jobsNow] = await Promise.all([embeddings.state(name), jobs.running()]);
      const running = new Set(jobsNow.map(({ id }) => id));
      const history = await runs.historyOf(name, { file, running });
      const copiedFrom = file !== undefined && history.own.size === 0 ? await runs.origin(name, file) : null;
      return describeHistory(history, { running, file, copiedFrom });
    },
    listRuns: ({ query }) => runs.list(query.embedding),
  };
}

/** As in RFC 6266: an ASCII name for old programs, and the real name in UTF-8. */
function attachment(filename: string): string {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename).replaceAll("'", "%27")}`;
}
