/** @file The names that are offered while typing, and the text after one is chosen. */
import { expect, it } from "vitest";
import { complete, completionsAt } from "./embedding-completion.ts";

const NAMES = ["mira", "mira-500", "my cat face", "Samira"];

it.each([
  ["a photo of mi", ["mira", "mira-500", "Samira"]],
  ["a photo of (mir", ["mira", "mira-500", "Samira"]],
  ["a photo of my ca", ["my cat face"]],
  ["[[[sam", ["Samira"]],
  ["a photo of m", null],
  ["a photo of xy", null],
  ["mira", ["mira-500", "Samira"]],
  ["", null],
])("after %j", (text, names) => {
  expect(completionsAt(text, text.length, NAMES)?.names ?? null).toEqual(names);
});

it("offers nothing in the middle of a word", () => {
  expect(completionsAt("mirage", 3, NAMES)).toBeNull();
  // The caret stands between a letter and its vowel sign.
  expect(completionsAt("miर\u093E", 3, NAMES)).toBeNull();
});

it("replaces the typed text and puts the caret after the name", () => {
  const text = "a photo of my ca, oil";
  const caret = "a photo of my ca".length;
  const found = completionsAt(text, caret, NAMES);
  expect(complete(text, caret, { start: found?.start ?? -1, name: "my cat face" })).toEqual({
    text: "a photo of my cat face, oil",
    caret: "a photo of my cat face".length,
  });
});
