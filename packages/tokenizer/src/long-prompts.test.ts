/** @file The most difficult prompts of 100,000 characters that were found. Each must be read in seconds; a naive parser takes minutes or overflows the stack. */
import { describe, expect, it } from "vitest";
import { loadClipTokenizer } from "./node.ts";
import { CHUNK_LENGTH, chunkPrompt } from "./prompt-chunks.ts";
import { findExtraNetworks, preparePrompt } from "./prompt-preparation.ts";

const LENGTH = 100_000;
const filled = (text: string): string => text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH);

/** Letters without a pattern, so that byte pairs of every rank occur. */
function noise(): string {
  let state = 1;
  return Array.from({ length: LENGTH }, () => {
    state = (state * 48271) % 2147483647;
    return String.fromCharCode(97 + (state % 26));
  }).join("");
}

const PROMPTS: readonly (readonly [name: string, prompt: string])[] = [
  ["words", filled("a photo of a cat, ")],
  ["one word of random letters", noise()],
  ["one word of one letter", filled("a")],
  ["letters of three bytes", filled("漢")],
  ["accents on accents", `e${filled("\u0301")}`],
  ["spaces", filled(" ")],
  ["spaces where a weight might come", `(a:${filled(" ")}`],
  ["an ampersand escaped over and over", `&${filled("amp;")}`],
  ["brackets that never close", filled("([")],
  ["brackets that never opened", filled(")]")],
  ["edits in edits", "[a:".repeat(14_000) + "b" + ":5]".repeat(14_000)],
  ["alternations in alternations", "[a|".repeat(25_000) + "b" + "]".repeat(25_000)],
  ["alternations side by side", filled("[a|b]")],
  ["parts", filled("a AND ")],
  ["chunks", filled("a BREAK ")],
  ["networks that never end", filled("<lora:")],
];

describe("a prompt of 100,000 characters", { timeout: 60_000 }, () => {
  it.each(PROMPTS)("%s", (_, prompt) => {
    const { parts, shown } = preparePrompt(prompt, { role: "positive", steps: 150 });
    expect(parts.length).toBeGreaterThan(0);
    expect(findExtraNetworks(shown)).toEqual([]);
    const { chunks, tokenCount } = chunkPrompt(loadClipTokenizer(), prompt);
    expect(chunks.length).toBeGreaterThanOrEqual(Math.ceil(tokenCount / CHUNK_LENGTH));
    expect(loadClipTokenizer("openClip").encode(prompt)).toBeInstanceOf(Array);
  });

  it("encodes long words by the same rules as short words", () => {
    const tokenizer = loadClipTokenizer();
    // The letters of a long run are joined in groups of eight. The mark of the word's end is in the last token.
    expect(tokenizer.encode(filled("a")).length).toBeLessThan(LENGTH / 4);
    expect(tokenizer.encode(filled("!?")).length).toBeGreaterThan(0);
  });
});
