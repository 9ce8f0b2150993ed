/** @file Which of the embeddings a typed name is the name of. */
import { isSameWord } from "@lexeme/domain/libraries";
import type { Embedding } from "@lexeme/protocol";

/** The embedding that is the same word as `name`; undefined for a free name. */
export function embeddingOfName(embeddings: readonly Embedding[], name: string): Embedding | undefined {
  return embeddings.find((one) => isSameWord(one.name, name.trim()));
}
