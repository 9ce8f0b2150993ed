/**
 * @file A1111's emphasis: `(x)` is times 1.1, `[x]` divided by 1.1, `(x:1.3)` times 1.3, a backslash escapes, BREAK ends a chunk.
 * Prompt editing (`[a:b:0.5]`), alternation and AND are not read here; their brackets count as emphasis.
 */
import { LexemeError } from "@lexeme/core";

/** A part of the prompt whose tokens have the same weight, or the end of a chunk. */
export type PromptSegment = { kind: "text"; text: string; weight: number } | { kind: "break" };

const ROUND_FACTOR = 1.1;
const SQUARE_FACTOR = 1 / 1.1;

/**
 * While weights are computed, a BREAK is this word with this weight, as in A1111. Inside a weighted group the weight is
 * multiplied, so the pair is no longer recognised, and the model gets the literal word BREAK. Pictures depend on this.
 */
const BREAK_WORD = "BREAK";
const BREAK_WEIGHT = -1;

/** Escapes, brackets, `:number)`, plain text, a lone colon. These alternatives match every character. */
const TOKEN = /\\[()[\]\\]?|[([]|:\s*(?<weight>[+-]?[.\d]+)\s*\)|[)\]]|[^\\()[\]:]+|:/gu;

/** The separate word BREAK. Letters of any script count as part of a word. */
const BREAK = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/gu;

/** A piece of text from `start` up to but not including `end` of the prompt. In `text`, escapes have no backslash. */
export interface WeightedPiece {
  text: string;
  weight: number;
  start: number;
  end: number;
}

/**
 * Segments of a prompt in order; always at least one. Unbalanced brackets give no error: an open bracket reaches to the end, a stray
 * closing bracket is text. Throws `PROMPT_WEIGHT_UNREADABLE` for a weight such as `(a:1.2.3)`, which is an error in A1111 too, and for a weight that
 * float32 does not hold, which would draw only black.
 */
export function parsePromptWeights(prompt: string): PromptSegment[] {
  return mergeEqualWeights(weightedPieces(prompt)).map(toSegment);
}

/** Why the prompt's weights cannot be read, as a sentence; undefined if they can. */
export function promptFault(prompt: string): string | undefined {
  try {
    weightedPieces(prompt);
    return undefined;
  } catch (cause) {
    if (cause instanceof LexemeError) return cause.message;
    throw cause;
  }
}

/** Why no training can use the lines of a template: the first whose own weights cannot be read; undefined if all can. `fill` puts words in place of a line's fields. */
export function templateLinesFault(lines: readonly string[], fill: (line: string) => string): string | undefined {
  for (const line of lines) {
    const fault = promptFault(fill(line));
    if (fault !== undefined) return `The line "${line}" of the template cannot be read as a prompt: ${fault}`;
  }
  return undefined;
}

/** Throws LexemeError `TEMPLATE_UNREADABLE` if `templateLinesFault` finds one. */
export function requireReadableLines(lines: readonly string[], fill: (line: string) => string): void {
  const fault = templateLinesFault(lines, fill);
  if (fault !== undefined) throw new LexemeError("TEMPLATE_UNREADABLE", fault);
}

/** The pieces with their places, before neighbours of the same weight are joined. The text between pieces is brackets and numbers. */
export function weightedPieces(prompt: string): WeightedPiece[] {
  const parts: WeightedPiece[] = [];
  const openRound: number[] = [];
  const openSquare: number[] = [];
  for (const match of prompt.matchAll(TOKEN)) {
    const [token] = match;
    const weight = match.groups?.["weight"];
    const start = match.index;
    const end = start + token.length;
    if (token.startsWith("\\")) parts.push({ text: token.slice(1), weight: 1, start, end });
    else if (token === "(") openRound.push(parts.length);
    else if (token === "[") openSquare.push(parts.length);
    else if (weight !== undefined && openRound.length > 0) {
      multiplyFrom(parts, openRound.pop()!, readWeight(weight, match.index + token.indexOf(weight)));
    } else if (token === ")" && openRound.length > 0) multiplyFrom(parts, openRound.pop()!, ROUND_FACTOR);
    else if (token === "]" && openSquare.length > 0) multiplyFrom(parts, openSquare.pop()!, SQUARE_FACTOR);
    else parts.push(...splitAtBreaks(token, start));
  }
  multiplyInsideOf(parts, openRound, ROUND_FACTOR);
  multiplyInsideOf(parts, openSquare, SQUARE_FACTOR);
  const tooHeavy = parts.find((part) => !Number.isFinite(Math.fround(part.weight)));
  if (tooHeavy) throw weightTooLarge(tooHeavy);
  return parts;
}

/** Multiplies each part once for every open bracket before it, until the weight no longer changes. So 50,000 brackets take little time. */
function multiplyInsideOf(parts: readonly WeightedPiece[], opened: readonly number[], factor: number): void {
  /** Powers of the factor by repeated multiplication from 1, with the same rounding as multiplying once per bracket. Most parts have one of these weights. */
  const powers = [1];
  let depth = 0;
  for (const [i, part] of parts.entries()) {
    while ((opened[depth] ?? Infinity) <= i) powers.push(powers[depth++]! * factor);
    if (part.weight === 1) {
      part.weight = powers[depth]!;
      continue;
    }
    for (let times = 0, before = NaN; times < depth && before !== part.weight; times++) {
      before = part.weight;
      part.weight *= factor;
    }
  }
}

function multiplyFrom(parts: WeightedPiece[], start: number, factor: number): void {
  for (let i = start; i < parts.length; i++) parts[i]!.weight *= factor;
}

function readWeight(text: string, position: number): number {
  const weight = Number(text);
  if (!Number.isNaN(weight)) return weight;
  throw new LexemeError(
    "PROMPT_WEIGHT_UNREADABLE",
    `Cannot read the weight "${text}" at character ${position + 1} of the prompt: write a number such as 1.3, or put a backslash before the bracket to mean the text itself`,
    { details: { position, text } },
  );
}

function weightTooLarge({ text, start }: WeightedPiece): LexemeError {
  return new LexemeError(
    "PROMPT_WEIGHT_UNREADABLE",
    `The brackets around character ${start + 1} of the prompt multiply its weight beyond all bounds: take some of them away`,
    { details: { position: start, text } },
  );
}

function splitAtBreaks(text: string, start: number): WeightedPiece[] {
  const pieces: WeightedPiece[] = [];
  let from = 0;
  for (const { index } of text.matchAll(BREAK)) {
    // The code measures white space, because a pattern would take a minute for a hundred thousand spaces without the word.
    const before = text.slice(from, index).trimEnd().length;
    const behind = text.slice(index + BREAK_WORD.length);
    const [at, to] = [from + before, text.length - behind.trimStart().length];
    pieces.push({ text: text.slice(from, at), weight: 1, start: start + from, end: start + at });
    pieces.push({ text: BREAK_WORD, weight: BREAK_WEIGHT, start: start + at, end: start + to });
    from = to;
  }
  return [...pieces, { text: text.slice(from), weight: 1, start: start + from, end: start + text.length }];
}

interface Weighted {
  text: string;
  weight: number;
}

function mergeEqualWeights(parts: readonly WeightedPiece[]): Weighted[] {
  const merged: Weighted[] = [];
  for (const { text, weight } of parts) {
    const last = merged.at(-1);
    if (last && last.weight === weight) last.text += text;
    else merged.push({ text, weight });
  }
  return merged.length > 0 ? merged : [{ text: "", weight: 1 }];
}

function toSegment({ text, weight }: Weighted): PromptSegment {
  return text === BREAK_WORD && weight === BREAK_WEIGHT ? { kind: "break" } : { kind: "text", text, weight };
}
