/** @file Embeddings and the runs that trained them. */
import { LexemeError } from "@lexeme/core";
import { readNotebook } from "../library/notebooks.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";

import type { Services } from "../services.ts";

type Names =
  | "listEmbeddings"
  | "createEmbedding"
  | "renameEmbedding"
  | "deleteEmbedding"
  | "exportEmbedding"
  | "mergeEmbeddings"
  | "pruneEmbedding"
  | "getNotebook"
  | "useCopy"
  | "listRuns"
  | "undoDelete";

export function embeddingRoutes(services: Services): HandlersOf<Names> {
  const { embeddings, runs, roots, bin, jobs, events, gallery } = services;

  function changed(): void {
    events.publish({ type: "library", changed: "embeddings" });
  }

  return {
    listEmbeddings: () => embeddings.list(),
    async createEmbedding({ body }) {
      if (body.overwriteOld) await requireIdle(body.name);
      const created = await embeddings.create(body);
      changed();
      return created;
    },
    async renameEmbedding({ params, body }) {
      await requireIdle(params.name);
      const renamed = await embeddings.rename({ name: params.name, path: body.path }, body.name);
      changed();
      return renamed;
    },
    async deleteEmbedding({ params, query }) {
      await requireIdle(params.name);
      const undoToken = await embeddings.discard({ name: params.name, path: query.path });
      changed();
      return { undoToken };
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
      if (body.overwriteOld) await requireIdle(body.name);
      const merged = await embeddings.merge(body);
      changed();
      return merged;
    },
    async pruneEmbedding({ params, body }) {
      if (body.overwriteOld) await requireIdle(body.name);
      const pruned = await embeddings.prune(params.name, body);
      changed();
      return pruned;
    },
    getNotebook: ({ params }) => readNotebook(jobs, params.id),
    async useCopy({ params, body }) {
      await requireIdle(params.name);
      const embedding = await embeddings.useCopy(params.name, await roots.requireInside(body.path, { field: "path" }));
      changed();
      return embedding;
    },
    listRuns: ({ query }) => runs.list(query.embedding),
    async undoDelete({ body }) {
      await bin.restore(body.undoToken);
      gallery.changed();
      changed();
      events.publish({ type: "library", changed: "images" });
      return {};
    },
  };

  async function requireIdle(name: string): Promise<void> {
    if (await jobs.isTraining(name)) {
      throw new LexemeError("EMBEDDING_BUSY", `"${name}" is being trained: stop the training first`, {
        details: { field: "name" },
      });
    }
  }
}

/** RFC 6266: a plain name for old programs, the real one in UTF-8. */
function attachment(filename: string): string {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename).replaceAll("'", "%27")}`;
}
