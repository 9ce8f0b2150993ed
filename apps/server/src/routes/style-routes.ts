/** @file Styles: pieces of prompts in `styles.csv`. */
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function styleRoutes({
  styles,
  events,
}: Services): HandlersOf<"listStyles" | "saveStyle" | "deleteStyle" | "undoDeleteStyle"> {
  function changed() {
    events.publish({ type: "library", changed: "styles" });
    return styles.list();
  }

  return {
    listStyles: () => styles.list(),
    async saveStyle({ body: { style, ...which } }) {
      await styles.save(style, which);
      return changed();
    },
    async deleteStyle({ body: { name, version } }) {
      const undoToken = await styles.remove(name, { version });
      return { ...(await changed()), undoToken };
    },
    async undoDeleteStyle({ body }) {
      await styles.restore(body.undoToken);
      return changed();
    },
  };
}
