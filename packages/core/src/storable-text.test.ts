/** @file What is dropped, what is replaced, what stays. */
import { expect, test } from "vitest";
import { storableText } from "./storable-text.ts";

test.each([
  ["plain text and its lines stay", "a café\n\t猫", "a café\n\t猫"],
  ["whole pairs stay", "a 🐈 and a 🦊", "a 🐈 and a 🦊"],
  ["U+0000 is dropped", "a\0 cat\0", "a cat"],
  ["half a pair is replaced", "a \uD83D cat \uDC08", "a \uFFFD cat \uFFFD"],
  ["a pair the wrong way round is two halves", "\uDC08\uD83D", "\uFFFD\uFFFD"],
])("%s", (_what, text, stored) => {
  expect(storableText(text)).toBe(stored);
});
