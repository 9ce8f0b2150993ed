import { describe, expect, test } from "vitest";
import { applyStyles } from "./prompt-styles.ts";

const style = (prompt: string, negativePrompt = "") => ({ name: "s", prompt, negativePrompt });
const merged = (prompt: string, ...styles: string[]) =>
  applyStyles(
    { prompt, negativePrompt: "" },
    styles.map((text) => style(text)),
  ).prompt;

describe("styles join a prompt as in A1111", () => {
  test.each([
    ["a cat", ["oil painting"], "a cat, oil painting"],
    ["a cat", ["oil painting of {prompt}, framed"], "oil painting of a cat, framed"],
    [" a cat ", [" oil "], "a cat, oil"],
    ["", ["oil"], "oil"],
    ["a cat", [""], "a cat"],
    ["a cat", ["{prompt} and {prompt}"], "a cat and a cat"],
    ["a $& cat", ["the {prompt}"], "the a $& cat"],
    ["a cat", ["(({prompt})) at night", "rain"], "((a cat)) at night, rain"],
    ["a cat", ["rain", "photo of {prompt}"], "photo of a cat, rain"],
    // Text in place of `{prompt}` is not trimmed.
    [" a cat ", ["x{prompt}y"], "x a cat y"],
  ])("%j with %j is %j", (prompt, styles, expected) => {
    expect(merged(prompt, ...styles)).toBe(expected);
  });

  test("both prompts, each from its own column", () => {
    const both = applyStyles({ prompt: "a cat", negativePrompt: "" }, [
      style("oil", "blurry"),
      style("", "{prompt} text"),
    ]);
    expect(both).toEqual({ prompt: "a cat, oil", negativePrompt: "blurry text" });
  });
});
