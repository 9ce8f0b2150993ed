/** @file The bin: its list, restoring, and deleting for good. */
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";
import { sendThumbnail } from "./picture-routes.ts";

export function binRoutes({
  bin,
  lists,
  thumbnails,
}: Services): HandlersOf<"listBin" | "undoDelete" | "deleteForGood" | "emptyBin" | "getBinPicture"> {
  return {
    async listBin() {
      const [entries, freeBytes] = await Promise.all([bin.list(), bin.freeBytes()]);
      return {
        entries: entries.map(({ picture, files, ...entry }) => ({
          ...entry,
          files: files.map(({ from, sizeBytes }) => ({ from, sizeBytes })),
          hasPicture: picture !== null,
        })),
        sizeBytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        freeBytes,
      };
    },
    async undoDelete({ body: { undoToken, name } }) {
      await bin.restoreInside(undoToken, { name });
      for (const list of ["images", "embeddings", "datasets"] as const) lists[list].changed();
      return {};
    },
    async deleteForGood({ params: { id } }) {
      await bin.remove(id);
      bin.changed();
      return {};
    },
    async emptyBin() {
      await bin.empty();
      bin.changed();
      return {};
    },
    async getBinPicture({ params: { id }, query: { size }, raw }, reply) {
      return sendThumbnail(raw, reply, await thumbnails.of(await bin.picture(id), size));
    },
  };
}
