/** @file Finds embeddings by name in a segment's tokens, as A1111 does: on token ids, so case and spacing do not matter; the longest name wins. */
import type { ClipTokenizer } from "./clip-tokenizer.ts";

/** The word that calls an embedding, and the embedding's number of rows. */
export interface NamedEmbedding {
  name: string;
  vectors: number;
}

interface Entry {
  ids: number[];
  embedding: NamedEmbedding;
}

export class EmbeddingIndex {
  /** The tokenizer of the names. Prompts need the same tokenizer. */
  readonly tokenizer: ClipTokenizer;
  readonly #byFirstId = new Map<number, Entry[]>();

  /** Of two names with the same tokens, the first in the list is found. A name without tokens is never found. */
  constructor(tokenizer: ClipTokenizer, embeddings: readonly NamedEmbedding[]) {
    this.tokenizer = tokenizer;
    for (const embedding of embeddings) {
      const ids = tokenizer.encode(embedding.name);
      const first = ids[0];
      if (first === undefined) continue;
      const entries = this.#byFirstId.get(first) ?? [];
      this.#byFirstId.set(first, [...entries, { ids, embedding }]);
    }
    for (const entries of this.#byFirstId.values()) entries.sort((a, b) => b.ids.length - a.ids.length);
  }

  /** The embedding whose name begins at `tokens[at]`, and the number of tokens of its name. */
  findAt(tokens: readonly number[], at: number): { embedding: NamedEmbedding; tokenCount: number } | undefined {
    const entry = this.#byFirstId.get(tokens[at] ?? -1)?.find(({ ids }) => ids.every((id, i) => tokens[at + i] === id));
    return entry && { embedding: entry.embedding, tokenCount: entry.ids.length };
  }
}
