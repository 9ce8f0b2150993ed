/** @file Chooses the checkpoint that jobs use by default. */
import { useMutation } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { showError } from "../../ui/feedback/toast.ts";

export function useChooseCheckpoint() {
  return useMutation({
    mutationFn: (name: string) => call("chooseCheckpoint", { body: { name } }),
    onSuccess: () => refresh("getSystem", "listEmbeddings", "listCheckpoints"),
    onError: showError,
  });
}
