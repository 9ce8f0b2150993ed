/** @file The destination that is proposed while the user has chosen none. */
import { useEffect } from "react";
import { useSystem } from "../../api/queries.ts";
import { useChosenWord } from "../../parts/embeddings/use-chosen-word.ts";
import { preprocessForm } from "../../state/forms.ts";
import { baseName, joinPath } from "../../ui/text/folder-path.ts";

/** Proposes a folder named after the embedding, or after the source. */
export function useProposedDestination(source: string): void {
  const datasets = useSystem().data?.folders.datasets;
  const embedding = useChosenWord();
  useEffect(() => {
    if (datasets === undefined) return;
    const name = embedding ?? (source === "" ? null : baseName(source));
    if (name !== null) preprocessForm.setDefaults({ processDst: joinPath(datasets, name) });
  }, [datasets, embedding, source]);
}
