/** @file The spans that an editor colours: every range with its kind and weight, read by the same rules as for drawing. */
import { expect, it } from "vitest";
import { promptSpans, type PromptSpan } from "./prompt-spans.ts";
import { preparePrompt } from "./prompt-preparation.ts";
import { parsePromptWeights } from "./prompt-weights.ts";

/** `oil×1.21` for weighted text, `schedule:[` for characters of the grammar. */
function shown(prompt: string, role: "positive" | "negative" = "positive"): string[] {
  return promptSpans(prompt, role).map((span) => describeSpan(prompt, span));
}

function describeSpan(prompt: string, { start, end, kind, weight }: PromptSpan): string {
  const text = prompt.slice(start, end);
  return kind === "text" ? `${text}×${Number(weight.toFixed(4))}` : `${kind}:${text}`;
}

it.each<[string, string[]]>([
  ["a cat", []],
  ["a ((cat))", ["emphasis:((", "cat×1.21", "emphasis:))"]],
  ["a [cat] (mat:1.3)", ["emphasis:[", "cat×0.9091", "emphasis:]", "emphasis:(", "mat×1.3", "emphasis::1.3)"]],
  ["(a (b:2) c)", ["emphasis:(", "a ×1.1", "emphasis:(", "b×2.2", "emphasis::2)", " c×1.1", "emphasis:)"]],
  // Unbalanced as in the user story: the last bracket is text.
  ["(((vinci))))", ["emphasis:(((", "vinci×1.331", "emphasis:)))"]],
  ["(open to the end", ["emphasis:(", "open to the end×1.1"]],
  [String.raw`\(plain\) (x\):2)`, ["emphasis:(", String.raw`x\)×2`, "emphasis::2)"]],
  ["[cat:dog:0.5]", ["schedule:[", "schedule::", "schedule::0.5]"]],
  ["[(cat:1.5):10]", ["schedule:[", "emphasis:(", "cat×1.5", "emphasis::1.5)", "schedule::10]"]],
  [
    "([a|b|(d)])",
    [
      "emphasis:(",
      "schedule:[",
      "a×1.1",
      "schedule:|",
      "b×1.1",
      "schedule:|",
      "emphasis:(",
      "d×1.21",
      "emphasis:)",
      "schedule:]",
      "emphasis:)",
    ],
  ],
  // With a colon this is no alternation, so the whole prompt has only emphasis.
  ["([a|b:c|(d)])", ["emphasis:([", "emphasis:(", "d×1.1", "emphasis:)])"]],
  ["a AND b :1.5", ["and:AND", "and::1.5"]],
  ["one BREAK two", ["break:BREAK"]],
  // Inside a group BREAK is a word with a strange weight, as in A1111.
  ["(a BREAK b:2)", ["emphasis:(", "a×2", " BREAK ×-2", "b×2", "emphasis::2)"]],
  ["a # not (this)\n(b)", ["comment:# not (this)\n", "emphasis:(", "b×1.1", "emphasis:)"]],
  ["a <lora:x:(1)> b", ["network:<lora:x:(1)>"]],
  // A weight that is present only at some steps.
  [
    "(a:[1.2|1.4])",
    [
      "emphasis:(",
      "a×1.2",
      "emphasis::",
      "schedule:[",
      "emphasis:1.2",
      "schedule:|",
      "emphasis:1.4",
      "schedule:]",
      "emphasis:)",
    ],
  ],
  ["(a:1.2.3) b", []],
])("%j", (prompt, expected) => {
  expect(shown(prompt)).toEqual(expected);
});

it("reads AND and tags in a negative prompt as text, as A1111 does", () => {
  expect(shown("(a AND <lora:x:1>)", "negative")).toEqual(["emphasis:(", "a AND <lora:x:1>×1.1", "emphasis:)"]);
});

it.each([
  "A (((oil painting))) of [[[[[mira]]]]] by (((Leonardo da Vinci))))",
  String.raw`a \(b\) ((c:1.3) [d] e:0.5) [f]] (g`,
])("gives %j the weights that are drawn", (prompt) => {
  const { text } = preparePrompt(prompt, { role: "positive", steps: 20 }).parts[0]!.segments[0]!;
  const drawn = parsePromptWeights(text).flatMap((one) => (one.kind === "text" && one.weight !== 1 ? [one] : []));
  const colored = promptSpans(prompt, "positive").filter(({ kind }) => kind === "text");
  expect(new Set(colored.map(({ weight }) => weight))).toEqual(new Set(drawn.map(({ weight }) => weight)));
});

it("reads a prompt of 100,000 characters in the time of a few keystrokes", () => {
  const prompt = "((a:1.2), [b|c], [d:e:0.5]) ".repeat(3600).slice(0, 100_000);
  const before = process.cpuUsage();
  expect(promptSpans(prompt, "positive").length).toBeGreaterThan(10_000);
  // It takes half a second of processor time; the bound excludes a minute. Waiting for other tests does not count.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
}, 60_000);
