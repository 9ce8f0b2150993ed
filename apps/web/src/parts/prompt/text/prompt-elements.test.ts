/** @file Elements between commas by key: `|` marks the caret, `‹ ›` a selection. */
import { expect, it } from "vitest";
import { moveElements } from "./prompt-elements.ts";
import type { TextSelection } from "./prompt-weight.ts";

function parse(marked: string): TextSelection {
  const caret = marked.indexOf("|");
  if (caret >= 0) return { text: marked.replace("|", ""), start: caret, end: caret };
  const start = marked.indexOf("‹");
  return { text: marked.replace(/[‹›]/g, ""), start, end: marked.indexOf("›") - 1 };
}

function print({ text, start, end }: TextSelection): string {
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}‹${text.slice(start, end)}›${text.slice(end)}`;
}

it.each<[string, -1 | 1, string]>([
  ["one, t|wo, three", -1, "t|wo, one, three"],
  ["one, t|wo, three", 1, "one, three, t|wo"],
  ["on|e, two", -1, "on|e, two"],
  ["one, two|", 1, "one, two|"],
  ["one, ‹two, three›, four", -1, "‹two, three›, one, four"],
  ["one, ‹two, three›, four", 1, "one, four, ‹two, three›"],
  ["one,two|,\nthree", 1, "one,three,\ntwo|"],
  ["a, (b, c|:1.2), d", -1, "a, (c|, b:1.2), d"],
  ["a, (b, c:1.2)|, d", -1, "(b, c:1.2)|, a, d"],
  ["a, [b|:c:0.5], d", 1, "a, [b|:c:0.5], d"],
  [String.raw`a, \(b|, c`, 1, String.raw`a, c, \(b|`],
  ["|", 1, "|"],
])("%s by %d", (before, direction, after) => {
  expect(print(moveElements(parse(before), direction))).toBe(after);
});
