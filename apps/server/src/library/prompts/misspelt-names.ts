/** @file Hints for words of a prompt that look like a misspelt name of an embedding. */
import { isSameWord, wordOfName } from "@lexeme/domain/libraries";
import type { Tokenized } from "@lexeme/protocol";
import type { ClipTokenizer } from "@lexeme/tokenizer";

const WORD = /[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_.-]*/gu;
/** A shorter name is near too many words. */
const SHORTEST_NAME = 4;
/** From this length on, two letters may be wrong. */
const LONG_NAME = 8;
/** The words of a prompt that are compared; the user needs the answer while typing. */
const MAX_WORDS = 400;

/**
 * A hint for each word that is no embedding, differs from the name of one by a letter or two, and is no word of the vocabulary: people misspell a
 * name, but they mean "mirror" when they write it beside an embedding "mirrow".
 */
export function misspeltNames(
  text: string,
  { names, tokenizer }: { names: readonly string[]; tokenizer: Pick<ClipTokenizer, "tokens"> },
): Tokenized["hints"] {
  const usable = names.filter((name) => name.length >= SHORTEST_NAME && !/\s/u.test(name));
  if (usable.length === 0) return [];
  const hints: Tokenized["hints"] = [];
  const seen = new Set<string>();
  for (const { 0: word, index: position } of text.matchAll(WORD)) {
    if (seen.has(wordOfName(word))) continue;
    if (seen.size === MAX_WORDS) break;
    seen.add(wordOfName(word));
    if (names.some((name) => isSameWord(name, word))) continue;
    const near = usable.find((name) => isNear(wordOfName(word), wordOfName(name)));
    if (near === undefined || tokenizer.tokens(word).length === 1) continue;
    hints.push({ position, message: `“${word}” is no embedding: do you mean “${near}”?`, kind: "name" });
  }
  return hints;
}

/** True if few changes make one word of the other: a letter changed, added, left out, or swapped with its neighbour. */
function isNear(word: string, name: string): boolean {
  const allowed = name.length >= LONG_NAME ? 2 : 1;
  return Math.abs(word.length - name.length) <= allowed && distance(word, name) <= allowed;
}

/** The optimal string alignment distance: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance */
function distance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
