/** @file `AND` splits a positive prompt into parts that guide the picture together, each with its own weight (A1111's composition). */

/** One part: its text without white space at the end, and the weight of its guidance. */
export interface PromptPart {
  text: string;
  weight: number;
}

/** The separate word AND. Letters of any script count as part of a word. */
const AND = /(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])/gu;
const WEIGHT = /^\s*[-+]?(?:\d+\.?|\d*\.\d+)$/u;

/**
 * The parts of a positive prompt; always at least one. A `:1.5` at a part's end is its weight, as in A1111 also in a prompt without AND.
 * The prompt is split before brackets are read, so an AND inside a group splits too.
 */
export function splitPromptParts(prompt: string): PromptPart[] {
  return promptPartRanges(prompt).map(({ start, end, weight }) => ({ text: prompt.slice(start, end), weight }));
}

/** The parts as ranges of the prompt. The text between the ranges is AND, weights and white space. */
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
