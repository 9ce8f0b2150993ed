/** @file Hints for words of a prompt that look like a misspelt name of an embedding. */
import { wordOfName } from "@lexeme/domain/libraries";
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
  const known = new Set(names.map(wordOfName));
  const usable = names.filter((name) => name.length >= SHORTEST_NAME && !/\s/u.test(name)).map(comparable);
  if (usable.length === 0) return [];
  const hints: Tokenized["hints"] = [];
  const seen = new Set<string>();
  for (const { 0: written, index: position } of text.matchAll(WORD)) {
    const word = comparable(written);
    if (seen.has(word.letters)) continue;
    if (seen.size === MAX_WORDS) break;
    seen.add(word.letters);
    if (known.has(word.letters)) continue;
    const near = usable.find((name) => isNear(word, name));
    if (near === undefined || tokenizer.tokens(written).length === 1) continue;
    hints.push({ position, message: `“${written}” is no embedding: do you mean “${near.written}”?`, kind: "name" });
  }
  return hints;
}

/** A word with its forms for comparisons, made once: a prompt of hundreds of words is compared with thousands of names while the user types. */
interface Comparable {
  readonly written: string;
  readonly letters: string;
  /** A bit for each letter that occurs; several letters share a bit. */
  readonly occurring: number;
}

function comparable(written: string): Comparable {
  const letters = wordOfName(written);
  let occurring = 0;
  for (let i = 0; i < letters.length; i++) occurring |= 1 << (letters.charCodeAt(i) & 31);
  return { written, letters, occurring };
}

/** True if few changes make one word of the other: a letter changed, added, left out, or swapped with its neighbour. */
function isNear(word: Comparable, name: Comparable): boolean {
  const allowed = name.letters.length >= LONG_NAME ? 2 : 1;
  if (Math.abs(word.letters.length - name.letters.length) > allowed) return false;
  // A changed letter changes two bits at most. This excludes nearly all names without computing the distance.
  if (bitCount(word.occurring ^ name.occurring) > 2 * allowed) return false;
  return distance(word.letters, name.letters, allowed) <= allowed;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** The optimal string alignment distance, or Infinity if it is above `limit`: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance */
function distance(a: string, b: string, limit: number): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  let lowestLast = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let lowest = i;
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      lowest = Math.min(lowest, cost);
    }
    // A later row continues this one, or the one before by a swap, which costs 1.
    if (lowest > limit && lowestLast + 1 > limit) return Infinity;
    lowestLast = lowest;
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
