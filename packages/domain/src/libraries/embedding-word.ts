/** @file When two names of embeddings are the same word in a prompt. */

/** The name as a prompt reads it, for comparisons and keys of tables: prompts distinguish neither case nor the normal forms of Unicode. */
export function wordOfName(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

/** Whether both names are the same word, so that files of these names collide. */
export function isSameWord(a: string, b: string): boolean {
  return wordOfName(a) === wordOfName(b);
}
