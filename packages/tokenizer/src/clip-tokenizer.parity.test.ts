/** @file Token ids against open_clip's and transformers' tokenizers (`fixtures/clip-tokenizer.py`). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadClipTokenizer } from "./node.ts";

const readRows = (name: string): { text: string; ids: number[] }[] =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
const rows = readRows("clip-tokenizer");
const tokenizer = loadClipTokenizer();

describe("ClipTokenizer", () => {
  it.each(rows)("encodes $text", ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it("the star that A1111 initialises with is token 265, the comma 267", () => {
    expect(tokenizer.encode("*")).toEqual([265]);
    expect(tokenizer.encode(",")).toEqual([267]);
  });

  it("shows each token with its text and whether it ends a word", () => {
    expect(tokenizer.tokens("my_embedding cat")).toEqual([
      { id: 607, text: "my", endsWord: true },
      { id: 318, text: "_", endsWord: true },
      { id: 19703, text: "embed", endsWord: false },
      { id: 796, text: "ding", endsWord: true },
      { id: 2368, text: "cat", endsWord: true },
    ]);
  });

  it("shows part of a character as U+FFFD and refuses ids outside the vocabulary", () => {
    expect(tokenizer.tokens("café").map((token) => token.text)).toEqual(["café"]);
    expect(tokenizer.tokens("漢").every((token) => token.text.includes("\ufffd"))).toBe(true);
    expect(() => tokenizer.token(49408)).toThrow(RangeError);
  });

  it("leaves wrongly decoded text as it is, and a lone surrogate becomes U+FFFD", () => {
    expect(tokenizer.encode("\ud800")).toEqual(tokenizer.encode("\ufffd"));
    expect(tokenizer.encode("Ã©")).not.toEqual(tokenizer.encode("é"));
  });
});

describe("ClipTokenizer for SD 2.x", () => {
  const openClip = loadClipTokenizer("openClip");

  it.each(readRows("clip-tokenizer-sd2"))("encodes $text", ({ text, ids }) => {
    expect(openClip.encode(text)).toEqual(ids);
  });

  it("decodes entities twice more than SD 1.x, and has other words for start and end", () => {
    expect(openClip.encode("&amp;amp;lt;")).toEqual(openClip.encode("<"));
    expect(openClip.encode("&copy2020")).not.toEqual(tokenizer.encode("&copy2020"));
    expect(openClip.encode("a <end_of_text>")).toContain(49407);
    expect(openClip.encode("a <|endoftext|>")).not.toContain(49407);
    expect(tokenizer.encode("a <|endoftext|>")).toContain(49407);
    expect(openClip.token(49407).text).toBe("<end_of_text>");
  });
});
