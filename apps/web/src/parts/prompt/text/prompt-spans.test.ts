/** @file Colours that follow a text while it is typed, and the weight at the caret. */
import { describe, expect, it } from "vitest";
import { moveSpans, shownSpans, strengthOf, weightAt, type ShownSpan } from "./prompt-spans.ts";

/** `‹cat›` is a span of weight 1.5. */
function parse(marked: string): { text: string; spans: ShownSpan[] } {
  const spans: ShownSpan[] = [];
  let text = "";
  for (const [i, part] of marked.split(/[‹›]/).entries()) {
    if (i % 2 === 1) spans.push({ start: text.length, end: text.length + part.length, kind: "text", weight: 1.5 });
    text += part;
  }
  return { text, spans };
}

function print(text: string, spans: readonly ShownSpan[]): string {
  return spans
    .toReversed()
    .reduce((shown, { start, end }) => `${shown.slice(0, start)}‹${shown.slice(start, end)}›${shown.slice(end)}`, text);
}

it.each([
  ["a (‹cat›:1.5) b", "a big (cat:1.5) b", "a big (‹cat›:1.5) b"],
  ["a (‹cat›:1.5) b", "a (cats:1.5) b", "a (‹cats›:1.5) b"],
  ["a (‹black cat›:1.5)", "a (black old cat:1.5)", "a (‹black old cat›:1.5)"],
  ["a (‹cat›:1.5) (‹dog›:1.5)", "a (dog:1.5)", "a (‹dog›:1.5)"],
  ["(‹one›) two", "", ""],
  ["(‹one›) two", "(one) two!", "(‹one›) two!"],
  ["x (‹one›)", "new (one)", "new (‹one›)"],
])("from %j to %j", (before, now, expected) => {
  const { text, spans } = parse(before);
  expect(print(now, moveSpans(spans, text, now))).toBe(expected);
});

it("never lets spans that touch overlap", () => {
  const spans: ShownSpan[] = [
    { start: 0, end: 3, kind: "text", weight: 2 },
    { start: 3, end: 6, kind: "emphasis", weight: 1 },
  ];
  expect(moveSpans(spans, "cat:2)", "cats:2)").map(({ start, end }) => [start, end])).toEqual([
    [0, 4],
    [4, 7],
  ]);
});

it("cuts brackets without a partner out of their spans", () => {
  const shown = shownSpans({
    spans: [
      { start: 2, end: 8, kind: "text", weight: 1.1 },
      { start: 10, end: 11, kind: "emphasis", weight: 1 },
    ],
    hints: [0, 4, 10, 20].map((position) => ({ position, message: "", kind: "bracket" })),
  });
  expect(shown.map(({ start, end, kind, weight }) => `${start}-${end} ${kind} ${weight}`)).toEqual([
    "0-1 stray 1",
    "2-4 text 1.1",
    "4-5 stray 1.1",
    "5-8 text 1.1",
    "10-11 stray 1",
    "20-21 stray 1",
  ]);
});

describe("the weight at the caret", () => {
  const spans: ShownSpan[] = [
    { start: 2, end: 3, kind: "emphasis", weight: 1 },
    { start: 3, end: 6, kind: "text", weight: 1.5 },
    { start: 6, end: 11, kind: "emphasis", weight: 1 },
  ];
  it.each([
    [0, 1],
    [2, 1],
    [3, 1.5],
    [5, 1.5],
    [6, 1.5],
    [8, 1],
    [11, 1],
    [12, 1],
  ])("in a (cat:1.5) at %d is %d", (caret, weight) => expect(weightAt(spans, caret)).toBe(weight));
});

it("grows with the weight both ways, and a weight of 0 or less is the strongest", () => {
  expect([1, Math.SQRT2, 2, 8, 0.5, 0, -1].map((weight) => Number(strengthOf(weight).toFixed(2)))).toEqual([
    0, 0.5, 1, 1, 1, 1, 1,
  ]);
});
