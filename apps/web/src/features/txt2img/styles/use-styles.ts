/** @file The styles of `styles.csv` and their changes; each change is based on the list as it was last read. */
import type { PromptStyle, StyleList } from "@lexeme/domain/styles";
import { call } from "../../../api/client.ts";
import { queryClient, refresh, useRoute } from "../../../api/queries.ts";
import { showError, showUndo } from "../../../ui/feedback/toast.ts";

export interface StyleActions {
  list: StyleList | undefined;
  /** Rejects with the server's LexemeError; the list is then read again. */
  save: (style: PromptStyle, formerName: string | undefined) => Promise<void>;
  /** Deletes a style and offers to bring it back. */
  remove: (name: string) => Promise<void>;
}

export function useStyles(): StyleActions {
  const { data: list } = useRoute("listStyles", {});
  const version = list?.version ?? "";

  async function readAnewAfter<T>(change: Promise<T>): Promise<T> {
    try {
      return await change;
    } catch (error) {
      // Most often the file was changed meanwhile; the new list is then shown.
      await refresh("listStyles");
      throw error;
    }
  }

  return {
    list,
    async save(style, formerName) {
      const body = { style, version, ...(formerName === undefined ? {} : { formerName }) };
      take(await readAnewAfter(call("saveStyle", { body })));
    },
    async remove(name) {
      const { undoToken, ...rest } = await readAnewAfter(call("deleteStyle", { body: { name, version } }));
      take(rest);
      showUndo(`Deleted the style “${name}”`, () => {
        call("undoDeleteStyle", { body: { undoToken } }).then(take, showError);
      });
    },
  };
}

function take(list: StyleList): void {
  queryClient.setQueryData(["listStyles", {}], list);
}
