/** @file Alt+Left and Alt+Right in a prompt: the part between two commas changes places with its neighbour, as in A1111. */
import type { TextSelection } from "./prompt-weight.ts";

/** The text with the elements at the selection moved by one to the left (-1) or right (1), and the same words selected. */
export function moveElements(selection: TextSelection, direction: -1 | 1): TextSelection {
  const { text, start, end } = selection;
  const elements = elementsAround(text, start);
  const first = elements.findIndex((one) => start <= one.end);
  const last = elements.findLastIndex((one) => end >= one.start);
  const other = direction < 0 ? first - 1 : last + 1;
  const neighbour = elements[other];
  if (first < 0 || last < first || neighbour === undefined) return selection;

  // White space stays where it is, so that the prompt keeps its shape.
  const moved = elements.slice(first, last + 1).map((one) => trimmed(text, one));
  const places = (direction < 0 ? [trimmed(text, neighbour), ...moved] : [...moved, trimmed(text, neighbour)]).toSorted(
    (a, b) => a.start - b.start,
  );
  const words = direction < 0 ? [...moved, places[0]!] : [places.at(-1)!, ...moved];
  let result = text.slice(0, places[0]!.start);
  let shift = 0;
  for (const [i, place] of places.entries()) {
    const word = words[i]!;
    if (word === moved[0]) shift = result.length - word.start;
    result += text.slice(word.start, word.end) + text.slice(place.end, places[i + 1]?.start ?? place.end);
  }
  return {
    text: result + text.slice(places.at(-1)!.end),
    start: clamp(start, moved) + shift,
    end: clamp(end, moved) + shift,
  };
}

interface Range {
  start: number;
  end: number;
}

/** The parts between commas around `at`, within the brackets that enclose it; brackets inside stay whole. */
function elementsAround(text: string, at: number): Range[] {
  let start = at;
  for (let depth = 0; start > 0; start--) {
    const letter = bracketAt(text, start - 1);
    if (letter === "(" || letter === "[") depth--;
    if (letter === ")" || letter === "]") depth++;
    if (depth < 0) break;
  }
  const commas: number[] = [];
  let end = start;
  for (let depth = 0; end < text.length; end++) {
    const letter = bracketAt(text, end);
    if (letter === "(" || letter === "[") depth++;
    if (letter === ")" || letter === "]") depth--;
    if (depth < 0) break;
    if (depth === 0 && text[end] === ",") commas.push(end);
  }
  // The weight of a group does not belong to its last element.
  const weight = /:\s*[+-]?[.\d]+\s*$/.exec(text.slice(start, end));
  if (weight !== null && text[end] === ")") end = start + weight.index;
  const cuts = [...commas.filter((comma) => comma < end), end];
  return cuts.map((cut, i) => ({ start: i === 0 ? start : cuts[i - 1]! + 1, end: cut }));
}

/** The character at a place; undefined if it is escaped. */
function bracketAt(text: string, position: number): string | undefined {
  let backslashes = 0;
  while (text[position - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1 ? undefined : text[position];
}

function trimmed(text: string, { start, end }: Range): Range {
  const words = text.slice(start, end);
  const lead = words.length - words.trimStart().length;
  return { start: start + lead, end: Math.max(start + lead, end - (words.length - words.trimEnd().length)) };
}

function clamp(position: number, moved: readonly Range[]): number {
  return Math.min(Math.max(position, moved[0]!.start), moved.at(-1)!.end);
}
