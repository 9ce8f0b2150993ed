/** @file Chooses the checkpoint that jobs use by default. */
import { useAction } from "../../api/use-action.ts";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { showError } from "../../ui/feedback/toast.ts";

export function useChooseCheckpoint() {
  return useAction({
    mutationFn: (name: string) => call("chooseCheckpoint", { body: { name } }),
    onSuccess: () => refresh("getSystem", "listEmbeddings", "listCheckpoints"),
    onError: showError,
  });
}
