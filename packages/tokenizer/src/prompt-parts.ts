/** @file `AND` cuts a positive prompt into parts that guide the picture together, each with a weight of its own (A1111's composition). */

/** One part: its text, white space at its end taken off, and how strongly it guides. */
export interface PromptPart {
  text: string;
  weight: number;
}

/** The word on its own; letters of any script count as part of a word. */
const AND = /(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/gu;
const WEIGHT = /^\s*[-+]?(?:\d+\.?|\d*\.\d+)$/u;

/**
 * The parts of a positive prompt; always at least one. A `:1.5` at a part's end is its weight, without AND too, as in A1111.
 * Cuts before brackets are read, so an AND inside a group cuts as well.
 */
export function splitPromptParts(prompt: string): PromptPart[] {
  return promptPartRanges(prompt).map(({ start, end, weight }) => ({ text: prompt.slice(start, end), weight }));
}

/** The same as places in the prompt: what lies between the parts is AND, weights and white space. */
export function promptPartRanges(prompt: string): { start: number; end: number; weight: number }[] {
  const cuts = [...prompt.matchAll(AND)].map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
  return [...cuts, { start: prompt.length, end: prompt.length }].map((cut, i) => {
    const start = i === 0 ? 0 : cuts[i - 1]!.end;
    const part = prompt.slice(start, cut.start).trimEnd();
    const colon = part.lastIndexOf(":");
    const weight = part.slice(colon + 1);
    if (colon < 0 || !WEIGHT.test(weight)) return { start, end: start + part.length, weight: 1 };
    return { start, end: start + part.slice(0, colon).trimEnd().length, weight: Number(weight) };
  });
}
