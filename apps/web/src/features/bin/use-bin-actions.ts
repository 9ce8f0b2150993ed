/** @file What the page of the bin does: restore, delete for good, empty. */
import { LexemeError } from "@lexeme/core";
import { useRef, useState } from "react";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { markPresent } from "../../state/deleted-pictures.ts";
import { showDone, showError } from "../../ui/feedback/toast.ts";
import type { TakenPlace } from "./bin-dialogs.tsx";
import { nameOf, type BinEntry } from "./bin-entries.ts";

export interface BinActions {
  /** Id of the entry that is being restored or deleted. */
  busy: string | null;
  /** Set while another name is asked for. */
  taken: TakenPlace | null;
  /** Ends the question for another name. */
  leave: () => void;
  restore: (entry: BinEntry, name?: string) => void;
  deleteForGood: (entry: BinEntry) => void;
  empty: () => void;
}

export function useBinActions(): BinActions {
  const [busy, setBusy] = useState<string | null>(null);
  const [taken, setTaken] = useState<TakenPlace | null>(null);

  /** Known at once, also between two presses that come before the page is drawn again. */
  const underWay = useRef<string | null>(null);

  async function run(id: string, action: () => Promise<unknown>, done: string): Promise<void> {
    underWay.current = id;
    setBusy(id);
    try {
      await action();
      setTaken(null);
      showDone(done);
    } finally {
      // Until then the list has the entry and its buttons.
      await refresh("listBin");
      underWay.current = null;
      setBusy(null);
    }
  }

  async function restore(entry: BinEntry, name?: string): Promise<void> {
    if (underWay.current === entry.id) return;
    const body = { undoToken: entry.id, ...(name === undefined ? {} : { name }) };
    try {
      await run(entry.id, () => call("undoDelete", { body }), `Restored ${nameOf(entry)}`);
      markPresent(entry.files.map(({ from }) => from));
      await refresh("listImages", "listEmbeddings");
    } catch (error) {
      const freeName = error instanceof LexemeError ? error.details?.["freeName"] : undefined;
      if (error instanceof LexemeError && typeof freeName === "string")
        return setTaken({ entry, message: error.message, freeName });
      showError(error);
    }
  }

  return {
    busy,
    taken,
    leave: () => setTaken(null),
    restore: (entry, name) => void restore(entry, name),
    deleteForGood: (entry) => {
      const remove = (): Promise<unknown> => call("deleteForGood", { params: { id: entry.id } });
      run(entry.id, remove, `Deleted ${nameOf(entry)} for good`).catch(showError);
    },
    empty: () => {
      run("all", () => call("emptyBin", {}), "The bin is empty").catch(showError);
    },
  };
}
