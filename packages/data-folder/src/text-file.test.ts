/** @file Texts in the encodings of captions, and bytes in none of these encodings. */
import { describe, expect, it } from "vitest";
import { decodeText, encodeText } from "./text-file.ts";

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
    ["UTF-8 with NULs at its end", utf8("a cat\0"), "a cat"],
    ["UTF-8 with accents and a NUL", utf8("café\0"), "café"],
    ["short UTF-8 filled up with NULs", utf8("cat\0\0\0\0\0"), "cat"],
    ["UTF-8 with NULs between words", utf8("a cat\0a dog"), "a cata dog"],
    ["UTF-8 with a NUL, Japanese", utf8("赤い服\0"), "赤い服"],
    ["UTF-8 with a vertical tab, an escape and DEL", utf8("a\vb \u001B[1mc\u007F"), "a\vb \u001B[1mc\u007F"],
    ["UTF-8 that ends as files of DOS did", utf8("a cat\u001A"), "a cat\u001A"],
    ["UTF-8 with the line end of mainframes", utf8("a\u0085café"), "a\u0085café"],
    ["UTF-8 with a mark and a control character", utf8("\uFEFFa\u0001"), "a\u0001"],
    ["UTF-16 with a mark and a control character", utf16("\uFEFFa\u000Bb\0"), "a\u000Bb"],
    ["UTF-16 without a mark, with a NUL at its end", utf16("a café\0"), "a café"],
    ["UTF-16 without a mark, Russian capitals", utf16("МАШИНА"), "МАШИНА"],
    ["UTF-16 without a mark, Hebrew", utf16("חתול שחור"), "חתול שחור"],
    ["UTF-16 without a mark, Thai", utf16("แมวดำ"), "แมวดำ"],
    ["UTF-16 without a mark, Japanese with a blank", utf16("赤い服 を着た女性"), "赤い服 を着た女性"],
    ["control characters alone", Uint8Array.from([0x61, 0x01, 0x02]), "a\u0001\u0002"],
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
    ["Windows-1252 with a NUL", [...Buffer.from("un caf\xe9\0", "latin1")]],
    ["Shift JIS with a NUL", [0x61, 0x90, 0xd4, 0x89, 0x82, 0x95, 0x9e, 0]],
    ["bytes of a program", [0x01, 0x02, 0x03, 0x04]],
    ["UTF-8 cut in a character, with a mark", [0xef, 0xbb, 0xbf, 0x61, 0xc3]],
    ["UTF-16 with half a character", [0xff, 0xfe, 0x61, 0x00, 0x62]],
  ])("does not guess at %s", (_, bytes) => {
    expect(decodeText(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe("encodeText", () => {
  it.each(["", "a cat", "café, 東京", "a\vb", "\v", "a\vb\v", "\u0001\u0002", "\uFEFFa", "*\u000E'\u000E", "é\u0085"])(
    "%j is read back as it was written",
    (text) => {
      expect(decodeText(encodeText(text))).toBe(text);
    },
  );

  it("a mark is written only if it is needed, because A1111 would read it as a letter", () => {
    expect(encodeText("a café\v")).toEqual(utf8("a café\v"));
  });

  it("every combination of these characters is read back", () => {
    const signs = ["a", "é", "東", "か", "к", "\u0001", "\u000E", "\u0085", "\uFEFF"];
    let texts = [""];
    for (let length = 1; length <= 4; length++) {
      texts = texts.flatMap((text) => signs.map((sign) => text + sign));
      expect(texts.filter((text) => decodeText(encodeText(text)) !== text)).toEqual([]);
    }
  });
});
