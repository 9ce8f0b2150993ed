/** @file PNG text: reading Pillow's files, writing after the header, damaged files. */
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readPngParameters, readPngTexts, withoutPngTexts, writePngText } from "./png-text.ts";

const png = readFileSync(new URL("fixtures/texts.png", import.meta.url));
const chunkTypes = (bytes: Uint8Array) =>
  [
    ...Buffer.from(bytes)
      .toString("latin1")
      .matchAll(/IHDR|tEXt|iTXt|zTXt|IDAT|IEND/gu),
  ].map(String);

describe("readPngTexts", () => {
  it("reads tEXt, iTXt and both compressed kinds as Pillow wrote them", () => {
    expect(readPngTexts(png)).toEqual([
      { keyword: "parameters", text: "a café\nSteps: 20" },
      { keyword: "Title", text: "東京 🐱" },
      { keyword: "Packed", text: "again ".repeat(50) },
      { keyword: "PackedToo", text: "世界 ".repeat(50) },
    ]);
    expect(readPngParameters(png)).toBe("a café\nSteps: 20");
  });

  it("reads complete texts from the beginning of a file", () => {
    expect(readPngTexts(png.subarray(0, 90))).toEqual([{ keyword: "parameters", text: "a café\nSteps: 20" }]);
  });

  it("drops a compressed text that grows past the limit", () => {
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024));
    const data = Buffer.concat([Buffer.from("x\0\0", "latin1"), bomb]);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write("zTXt", 4, "latin1");
    const file = Buffer.concat([png.subarray(0, 33), head, data, Buffer.alloc(4), png.subarray(33)]);
    expect(readPngTexts(file).map(({ keyword }) => keyword)).not.toContain("x");
    expect(readPngParameters(file)).toBe("a café\nSteps: 20");
  });

  it("drops compressed texts that grow past the limit together", () => {
    const bomb = deflateSync(new Uint8Array(9 * 1024 * 1024));
    const many = ["first", "second", "third"].map((keyword) => {
      const data = Buffer.concat([Buffer.from(`${keyword}\0\0`, "latin1"), bomb]);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(data.length);
      head.write("zTXt", 4, "latin1");
      return Buffer.concat([head, data, Buffer.alloc(4)]);
    });
    const file = Buffer.concat([png.subarray(0, 33), ...many, png.subarray(33)]);
    const keywords = readPngTexts(file).map(({ keyword }) => keyword);
    expect(keywords).toEqual(["first", "parameters", "Title"]);
  });

  it("refuses a file that is not a PNG", () => {
    expect(() => readPngTexts(Buffer.from("GIF89a"))).toThrow(expect.objectContaining({ code: "PNG_UNREADABLE" }));
  });
});

describe("withoutPngTexts", () => {
  it("keeps everything except the texts, also a damaged end", () => {
    expect(chunkTypes(withoutPngTexts(png))).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(readPngTexts(withoutPngTexts(png))).toEqual([]);
    const cut = png.subarray(0, png.length - 20);
    expect([...withoutPngTexts(cut).subarray(-10)]).toEqual([...cut.subarray(-10)]);
  });
});

describe("writePngText", () => {
  it("puts Latin-1 into tEXt directly after the header, and replaces the old text", () => {
    const written = writePngText(png, { keyword: "parameters", text: "größe ä\nNegative prompt: b" });
    expect(chunkTypes(written).slice(0, 2)).toEqual(["IHDR", "tEXt"]);
    expect(readPngTexts(written).filter(({ keyword }) => keyword === "parameters")).toEqual([
      { keyword: "parameters", text: "größe ä\nNegative prompt: b" },
    ]);
    expect(readPngTexts(written).length).toBe(4);
  });

  it("puts other text into iTXt", () => {
    const written = writePngText(png, { keyword: "parameters", text: "東京 “curly” 🐱" });
    expect(chunkTypes(written).slice(0, 2)).toEqual(["IHDR", "iTXt"]);
    expect(readPngParameters(written)).toBe("東京 “curly” 🐱");
    expect(Buffer.from(written.subarray(-12)).equals(png.subarray(-12))).toBe(true);
  });

  it("refuses a file that is cut short, and a keyword that PNG does not allow", () => {
    expect(() => writePngText(png.subarray(0, png.length - 20), { keyword: "a", text: "b" })).toThrow(
      expect.objectContaining({ code: "PNG_UNREADABLE" }),
    );
    expect(() => writePngText(png, { keyword: "", text: "b" })).toThrow(RangeError);
  });
});
