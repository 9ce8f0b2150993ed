/** @file Styles: pieces of prompts in `styles.csv`. */
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function styleRoutes({
  styles,
}: Services): HandlersOf<"listStyles" | "saveStyle" | "deleteStyle" | "undoDeleteStyle"> {
  return {
    listStyles: () => styles.list(),
    async saveStyle({ body: { style, ...which } }) {
      await styles.save(style, which);
      return styles.list();
    },
    async deleteStyle({ body: { name, version } }) {
      const undoToken = await styles.remove(name, { version });
      return { ...(await styles.list()), undoToken };
    },
    async undoDeleteStyle({ body }) {
      await styles.restore(body.undoToken);
      return styles.list();
    },
  };
}
