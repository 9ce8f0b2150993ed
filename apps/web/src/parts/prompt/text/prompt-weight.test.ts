/** @file Weights by key: `|` marks the caret, `‹ ›` a selection. */
import { describe, expect, it } from "vitest";
import { changeWeight, type TextSelection } from "./prompt-weight.ts";

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

describe("changeWeight", () => {
  it.each([
    ["a ‹cat› on a mat", 0.1, "a (‹cat›:1.1) on a mat"],
    ["a (‹cat›:1.1) on a mat", 0.1, "a (‹cat›:1.2) on a mat"],
    ["a (‹cat›:1.1) on a mat", -0.1, "a ‹cat› on a mat"],
    ["a ‹cat› on a mat", -0.1, "a (‹cat›:0.9) on a mat"],
    ["a c|at on a mat", 0.1, "a (‹cat›:1.1) on a mat"],
    ["a (fluffy c|at:1.3) on a mat", 0.1, "a (‹fluffy cat›:1.4) on a mat"],
    ["a ‹cat › on a mat", 0.1, "a (‹cat›:1.1)  on a mat"],
    ["((my_word|))", -0.1, "(((‹my_word›:0.9)))"],
    ["(a (b|:1.2) c:1.5)", 0.1, "(a (‹b›:1.3) c:1.5)"],
    ["(a| (b:1.2) c:1.5)", 0.1, "(‹a (b:1.2) c›:1.6)"],
    ["a \\(cat|\\)", 0.1, "a \\((‹cat›:1.1)\\)"],
    ["|", 0.1, "|"],
    ["a ,| b", 0.1, "a ,| b"],
  ])("%s by %d", (before, delta, after) => {
    expect(print(changeWeight(parse(before), delta))).toBe(after);
  });

  it("counts in tenths without rounding errors of binary fractions", () => {
    let selection = parse("‹x›");
    for (let i = 0; i < 7; i++) selection = changeWeight(selection, 0.1);
    expect(selection.text).toBe("(x:1.7)");
    for (let i = 0; i < 7; i++) selection = changeWeight(selection, -0.1);
    expect(selection.text).toBe("x");
  });
});
