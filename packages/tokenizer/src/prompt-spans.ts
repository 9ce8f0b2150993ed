/** @file The kind and weight of each range of a typed prompt, for an editor with colours. Uses the same parsers as drawing. */
import { LexemeError } from "@lexeme/core";
import { promptPartRanges } from "./prompt-parts.ts";
import { findExtraNetworks, findPromptComments } from "./prompt-preparation.ts";
import { promptRangesOverTime } from "./prompt-schedule.ts";
import { weightedPieces } from "./prompt-weights.ts";

/** "text" has a weight; "emphasis" is its brackets and numbers; "schedule" is the brackets and numbers of editing and alternation. */
const KINDS = ["text", "emphasis", "schedule", "and", "break", "comment", "network"] as const;
export type PromptSpanKind = (typeof KINDS)[number];

export interface PromptSpan {
  start: number;
  end: number;
  kind: PromptSpanKind;
  /** Weight of the text, as the product of nested brackets; 1 for other kinds. */
  weight: number;
}

/** Some characters of a prompt in order, with the place of each in the prompt. */
interface Excerpt {
  text: string;
  places: readonly number[];
}

/** The largest number of steps of a picture, so that all texts of the prompt are found. */
const STEPS = 150;
/** After reading this many characters, the texts of later steps stay without colour, because the result is needed while a user types. */
const MAX_READ_CHARACTERS = 300_000;
/** The place of a character that is not in the prompt: the newline that replaces a comment. */
const NOWHERE = -1;

/** Spans in order, without overlap. Plain text of weight 1 has no span. In a prompt with an unreadable weight, the readable parts have spans. */
export function promptSpans(prompt: string, role: "positive" | "negative"): PromptSpan[] {
  const marks = new Marks(prompt.length);
  let rest: Excerpt = { text: prompt, places: Array.from({ length: prompt.length }, (_, i) => i) };
  rest = withoutRanges(rest, findPromptComments(prompt), { mark: markAs("comment"), instead: "\n" });
  if (role === "positive") {
    const networks = findExtraNetworks(rest.text).map(({ position, end }) => ({ start: position, end }));
    rest = withoutRanges(rest, networks, { mark: markAs("network"), instead: "" });
  }
  const parts = role === "positive" ? promptPartRanges(rest.text) : [{ start: 0, end: rest.text.length }];
  let at = 0;
  for (const { start, end } of parts) {
    markAs("and")(slice(rest, at, start));
    markPart(marks, slice(rest, start, end));
    at = end;
  }
  markAs("and")(slice(rest, at, rest.text.length));
  return marks.spans();

  function markAs(kind: PromptSpanKind) {
    return ({ text, places }: Excerpt): void => {
      places.forEach((place, i) => {
        if (kind === "comment" || text[i]?.trim() !== "") marks.set(place, kind, 1);
      });
    };
  }
}

/** Marks the part's text of every step. A character keeps the first weight that it has. */
function markPart(marks: Marks, part: Excerpt): void {
  const seen = new Set<string>();
  const covered = new Uint8Array(part.text.length);
  let read = 0;
  for (const { ranges } of promptRangesOverTime(part.text, STEPS)) {
    const key = ranges.map(({ start }) => start).join();
    if (seen.has(key) || (seen.size > 0 && read > MAX_READ_CHARACTERS)) continue;
    seen.add(key);
    for (const { start, end } of ranges) covered.fill(1, start, end);
    const now = join(ranges.map(({ start, end }) => slice(part, start, end)));
    read += now.text.length;
    markEmphasis(marks, now);
  }
  part.places.forEach((place, i) => {
    if (covered[i] === 0) marks.set(place, "schedule", 1);
  });
}

function markEmphasis(marks: Marks, { text, places }: Excerpt): void {
  let at = 0;
  for (const piece of piecesOf(text)) {
    for (const place of places.slice(at, piece.start)) marks.set(place, "emphasis", 1);
    const isBreak = piece.text === "BREAK" && piece.weight === -1;
    for (let i = piece.start; i < piece.end; i++) {
      const isSpace = isBreak && text[i]?.trim() === "";
      if (!isSpace) marks.set(places[i]!, isBreak ? "break" : "text", isBreak ? 1 : piece.weight);
    }
    at = piece.end;
  }
  for (const place of places.slice(at)) marks.set(place, "emphasis", 1);
}

/** The pieces of a text. Text with an unreadable weight has no colour here; the error is reported elsewhere. */
function piecesOf(text: string) {
  try {
    return weightedPieces(text);
  } catch (error) {
    if (error instanceof LexemeError) return [{ text, weight: 1, start: 0, end: text.length }];
    throw error;
  }
}

function withoutRanges(
  from: Excerpt,
  ranges: readonly { start: number; end: number }[],
  { mark, instead }: { mark: (cut: Excerpt) => void; instead: string },
): Excerpt {
  const kept: Excerpt[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    mark(slice(from, start, end));
    kept.push(slice(from, at, start), { text: instead, places: instead === "" ? [] : [NOWHERE] });
    at = end;
  }
  return join([...kept, slice(from, at, from.text.length)]);
}

function slice({ text, places }: Excerpt, start: number, end: number): Excerpt {
  return { text: text.slice(start, end), places: places.slice(start, end) };
}

function join(excerpts: readonly Excerpt[]): Excerpt {
  return { text: excerpts.map(({ text }) => text).join(""), places: excerpts.flatMap(({ places }) => places) };
}

/** Kind and weight of every character. Only the first mark of a character is kept. */
class Marks {
  readonly #kinds: Uint8Array;
  readonly #weights: Float64Array;

  constructor(length: number) {
    this.#kinds = new Uint8Array(length);
    this.#weights = new Float64Array(length);
  }

  set(place: number, kind: PromptSpanKind, weight: number): void {
    if (place === NOWHERE || this.#kinds[place] !== 0) return;
    this.#kinds[place] = 1 + KINDS.indexOf(kind);
    this.#weights[place] = weight;
  }

  spans(): PromptSpan[] {
    const spans: PromptSpan[] = [];
    for (let i = 0; i < this.#kinds.length; i++) {
      const kind = KINDS[this.#kinds[i]! - 1];
      const weight = this.#weights[i]!;
      if (kind === undefined || (kind === "text" && weight === 1)) continue;
      const last = spans.at(-1);
      if (last?.end === i && last.kind === kind && last.weight === weight) last.end = i + 1;
      else spans.push({ start: i, end: i + 1, kind, weight });
    }
    return spans;
  }
}
