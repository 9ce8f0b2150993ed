/** @file The emphasis grammar, rule by rule, with the behaviour of A1111's `parse_prompt_attention`. */
import { LexemeError } from "@lexeme/core";
import { describe, expect, it } from "vitest";
import { parsePromptWeights } from "./prompt-weights.ts";

function check(prompt: string, expected: [string, number][]): void {
  const got = parsePromptWeights(prompt).map((s) => (s.kind === "break" ? ["|", 0] : [s.text, s.weight]));
  expect(got.map(([text]) => text)).toEqual(expected.map(([text]) => text));
  got.forEach(([, weight], i) => expect(weight).toBeCloseTo(expected[i]![1], 4));
}

describe("parsePromptWeights", () => {
  it.each<[string, [string, number][]]>([
    ["normal text", [["normal text", 1]]],
    ["", [["", 1]]],
    ["()", [["", 1]]],
    [
      "an (important) word",
      [
        ["an ", 1],
        ["important", 1.1],
        [" word", 1],
      ],
    ],
    ["(unbalanced", [["unbalanced", 1.1]]],
    ["[less", [["less", 1 / 1.1]]],
    ["(a:1.3", [["a:1.3", 1.1]]],
    ["a) b] c:1.2)", [["a) b] c:1.2)", 1]]],
    ["[x:1.3]", [["x:1.3", 1 / 1.1]]],
    [
      "(a (b:2) c)",
      [
        ["a ", 1.1],
        ["b", 2.2],
        [" c", 1.1],
      ],
    ],
    ["([a])", [["a", 1]]],
    ["(x: 1.5 )", [["x", 1.5]]],
    [
      "(x:-1)(y:0)(z:+.5)",
      [
        ["x", -1],
        ["y", 0],
        ["z", 0.5],
      ],
    ],
    ["(a)(b)", [["ab", 1.1]]],
    ["(x:1e3)", [["x:1e3", 1.1]]],
    [String.raw`\(literal\] \\ a\:b \x`, [[String.raw`(literal] \ a:b x`, 1]]],
    [String.raw`(a\):1.2)`, [["a)", 1.2]]],
    [
      "a BREAK b",
      [
        ["a", 1],
        ["|", 0],
        ["b", 1],
      ],
    ],
    ["BREAKFAST äBREAK break", [["BREAKFAST äBREAK break", 1]]],
    [
      "a\nBREAK\nb",
      [
        ["a", 1],
        ["|", 0],
        ["b", 1],
      ],
    ],
    [
      "a BREAK BREAK b",
      [
        ["a", 1],
        ["|", 0],
        ["", 1],
        ["|", 0],
        ["b", 1],
      ],
    ],
    [
      "(a BREAK b:1.3)",
      [
        ["a", 1.3],
        ["BREAK", -1.3],
        ["b", 1.3],
      ],
    ],
    [
      "(a [b) c]",
      [
        ["a ", 1.1],
        ["b", 1],
        [" c", 1 / 1.1],
      ],
    ],
    [
      "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
      [
        ["a ", 1],
        ["house", 1.573],
        [" ", 1.1],
        ["on", 1],
        [" a ", 1.1],
        ["hill", 0.55],
        [", sun, ", 1.1],
        ["sky", 1.4641],
        [".", 1.1],
      ],
    ],
    [
      "A (((oil painting))) of [[[[[my_embedding]]]]] by (((Leonardo da Vinci))))",
      [
        ["A ", 1],
        ["oil painting", 1.331],
        [" of ", 1],
        ["my_embedding", 0.6209],
        [" by ", 1],
        ["Leonardo da Vinci", 1.331],
        [")", 1],
      ],
    ],
  ])("%s", check);

  it.each([
    ["(a:1.2.3)", 3, "1.2.3"],
    ["one (a: .)", 8, "."],
  ])("the error gives the position of the wrong weight in %s", (prompt, position, text) => {
    expect(() => parsePromptWeights(prompt)).toThrow(LexemeError);
    expect(() => parsePromptWeights(prompt)).toThrow(
      expect.objectContaining({ code: "PROMPT_WEIGHT_UNREADABLE", kind: "input", details: { position, text } }),
    );
  });

  it("a malformed number without an open bracket is text", () => {
    expect(parsePromptWeights("a:1.2.3)")).toEqual([{ kind: "text", text: "a:1.2.3)", weight: 1 }]);
  });
});
