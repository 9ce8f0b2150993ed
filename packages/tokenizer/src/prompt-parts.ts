/** @file `AND` cuts a positive prompt into parts that guide the picture together, each with a weight of its own (A1111's composition). */

/** One part: its text, white space at its end taken off, and how strongly it guides. */
export interface PromptPart {
  text: string;
  weight: number;
}

/** The word on its own; letters of any script count as part of a word. */
const AND = /(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/u;
const WEIGHT = /^\s*[-+]?(?:\d+\.?|\d*\.\d+)$/u;

/**
 * The parts of a positive prompt; always at least one. A `:1.5` at a part's end is its weight, without AND too, as in A1111.
 * Cuts before brackets are read, so an AND inside a group cuts as well.
 */
export function splitPromptParts(prompt: string): PromptPart[] {
  return prompt.split(AND).map((raw) => {
    const part = raw.trimEnd();
    const colon = part.lastIndexOf(":");
    const weight = part.slice(colon + 1);
    if (colon < 0 || !WEIGHT.test(weight)) return { text: part, weight: 1 };
    return { text: part.slice(0, colon).trimEnd(), weight: Number(weight) };
  });
}
