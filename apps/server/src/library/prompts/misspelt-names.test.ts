/** @file Which words of a prompt get a hint about an embedding's name. */
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { expect, test } from "vitest";
import { misspeltNames } from "./misspelt-names.ts";

const names = ["mira", "charturner", "bad-hand", "two words"];
const hinted = (text: string) => misspeltNames(text, { names, tokenizer: loadClipTokenizer("clip") });

test.each([
  ["a photo of mirra", "mirra", "mira"],
  ["(mria:1.2), smiling", "mria", "mira"],
  ["a chartunrer sheet", "chartunrer", "charturner"],
  ["a bad-hnad", "bad-hnad", "bad-hand"],
])("%s: %s is near %s", (text, word, name) => {
  const message = `“${word}” is no embedding: do you mean “${name}”?`;
  expect(hinted(text)).toEqual([{ position: text.indexOf(word), message, kind: "name" }]);
});

test.each(["a photo of mira", "MIRA in Rome", "mia, mike and mirror", "a chart of hands", "", "mirabella"])(
  "%j has no misspelt name",
  (text) => {
    expect(hinted(text)).toEqual([]);
  },
);

test("a long prompt is compared with thousands of names of the same length in a moment", () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `qx${String(i).padStart(6, "0")}zq`).join(" ");
  const many = Array.from({ length: 3000 }, (_, i) => `word-${String(i).padStart(5, "0")}`);
  const start = performance.now();
  misspeltNames(text, { names: many, tokenizer: loadClipTokenizer("clip") });
  // It takes a twentieth of this; computing every distance takes half a minute.
  expect(performance.now() - start).toBeLessThan(5000);
});
