/** @file All words, with one embedding each: if several files have a name, the one that prompts use. */
import type { Embedding } from "@lexeme/protocol";
import { useMemo } from "react";
import { useEmbeddings } from "../../api/queries.ts";

/** The words in the order of the list. A word whose embedding does not fit is among them, with the reason. */
export function useWords(): { words: readonly Embedding[]; isKnown: boolean } {
  const { data, isSuccess } = useEmbeddings();
  const words = useMemo(() => oneOfEachName(data ?? []), [data]);
  return { words, isKnown: isSuccess };
}

export function oneOfEachName(embeddings: readonly Embedding[]): Embedding[] {
  const byName = new Map<string, Embedding>();
  for (const embedding of embeddings) {
    const known = byName.get(embedding.name);
    if (known === undefined || rank(embedding) > rank(known)) byName.set(embedding.name, embedding);
  }
  return [...byName.values()];
}

function rank({ misfitReason, collision }: Embedding): number {
  if (misfitReason !== null) return 0;
  return collision === null || collision.isUsed ? 2 : 1;
}
