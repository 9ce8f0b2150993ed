/** @file Texts in the encodings of captions, and bytes in none of these encodings. */
import { describe, expect, it } from "vitest";
import { decodeText } from "./text-file.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));
function utf16(text: string, order: "le" | "be" = "le"): Uint8Array {
  const bytes = Buffer.from(text, "utf16le");
  return Uint8Array.from(order === "be" ? bytes.swap16() : bytes);
}

describe("decodeText", () => {
  it.each<[string, Uint8Array, string]>([
    ["UTF-8", utf8("a café, 東京"), "a café, 東京"],
    ["UTF-8 with a mark", utf8("\uFEFFa café"), "a café"],
    ["UTF-16 with a mark, little-endian", utf16("\uFEFFa café, 東京"), "a café, 東京"],
    ["UTF-16 with a mark, big-endian", utf16("\uFEFFa café, 東京", "be"), "a café, 東京"],
    ["UTF-16 without a mark", utf16("a café, 東京"), "a café, 東京"],
    ["UTF-16 without a mark, big-endian", utf16("a café, 東京", "be"), "a café, 東京"],
    ["UTF-16 without a mark, Russian", utf16("красная машина"), "красная машина"],
    ["UTF-16 without a mark, Russian, big-endian", utf16("красная машина", "be"), "красная машина"],
    ["UTF-16 without a mark or a blank, Japanese", utf16("赤い服を着た女性"), "赤い服を着た女性"],
    ["UTF-16 without a mark, with an emoji", utf16("a 😀 cat"), "a 😀 cat"],
    ["Windows-1252", latin1("un café crème, die Straße, señor, pää"), "un café crème, die Straße, señor, pää"],
    ["Windows-1252's own signs", Uint8Array.from([0x93, 0x61, 0x94, 0x20, 0x96, 0x20, 0x62, 0x92, 0x73]), "“a” – b’s"],
    ["a letter alone", latin1("é"), "é"],
    ["nothing", new Uint8Array(), ""],
    ["lines", utf8("a\r\nb\tc\n"), "a\r\nb\tc\n"],
  ])("reads %s", (_, bytes, text) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it.each<[string, readonly number[]]>([
    ["Shift JIS", [0x90, 0xd4, 0x82, 0xa2, 0x95, 0x9e]],
    ["Shift JIS, kana", [0x82, 0xa0, 0x82, 0xa2]],
    ["EUC-KR", [0xc0, 0xda, 0xb5, 0xbf, 0xc2, 0xf7]],
    ["Windows-1251", [0xea, 0xf0, 0xe0, 0xf1, 0xed, 0xe0, 0xff]],
    ["a PNG's first bytes", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]],
    ["control characters", [0x61, 0x01, 0x02]],
    ["UTF-8 cut in a character, with a mark", [0xef, 0xbb, 0xbf, 0x61, 0xc3]],
    ["UTF-16 with half a character", [0xff, 0xfe, 0x61, 0x00, 0x62]],
  ])("does not guess at %s", (_, bytes) => {
    expect(decodeText(Uint8Array.from(bytes))).toBeUndefined();
  });
});
