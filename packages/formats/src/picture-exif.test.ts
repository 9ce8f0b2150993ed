/** @file EXIF blocks equal piexif's bytes, and can be read from the smallest JPEG and WebP containers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readExifUserComment } from "./exif-user-comment.ts";
import { fitsJpegExif, writeJpegInfotext, writeWebpInfotext } from "./picture-exif.ts";

const PIEXIF = JSON.parse(readFileSync(new URL("fixtures/picture-exif.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 1, 2, 3);
/** A lossless chunk of three bytes and its padding. */
const WEBP = Uint8Array.from(Buffer.from("RIFF\x10\0\0\0WEBPVP8L\x03\0\0\0abc\0", "latin1"));

describe.each(Object.entries(PIEXIF))("the infotext %j", (text, hex) => {
  it("is in a JPEG as piexif writes it, before the rest of the file", () => {
    const written = Buffer.from(writeJpegInfotext(JPEG, text));
    const length = hex.length / 2;
    expect(written.subarray(0, 4).toString("hex")).toBe("ffd8ffe1");
    expect(written.readUInt16BE(4)).toBe(length + 2);
    expect(written.subarray(6, 6 + length).toString("hex")).toBe(hex);
    expect(written.subarray(6 + length)).toEqual(Buffer.from(JPEG.subarray(2)));
  });

  it("is WebP's last chunk, without the name in front, as piexif writes it", () => {
    const written = Buffer.from(writeWebpInfotext(WEBP, { text, width: 70_000, height: 3 }));
    expect(written.readUInt32LE(4)).toBe(written.length - 8);
    expect(written.subarray(12, 30).toString("hex")).toBe(
      Buffer.from("VP8X\x0a\0\0\0\x08\0\0\0\x6f\x11\x01\x02\0\0", "latin1").toString("hex"),
    );
    expect(written.subarray(30, 42)).toEqual(Buffer.from(WEBP.subarray(12)));
    expect(written.subarray(42, 46).toString()).toBe("EXIF");
    const exif = written.subarray(50, 50 + written.readUInt32LE(46));
    expect(exif.toString("hex")).toBe(hex.slice(12));
    expect(readExifUserComment(exif)).toBe(text);
  });
});

it("a text of more than 64 KB does not fit a JPEG", () => {
  const longest = "x".repeat(32_739);
  expect(fitsJpegExif(longest)).toBe(true);
  expect(readExifUserComment(writeJpegInfotext(JPEG, longest).subarray(6))).toBe(longest);
  expect(fitsJpegExif(`${longest}x`)).toBe(false);
  expect(() => writeJpegInfotext(JPEG, `${longest}x`)).toThrow(RangeError);
});

it("bytes that are not a picture are refused", () => {
  expect(() => writeJpegInfotext(WEBP, "")).toThrow("not a JPEG");
  expect(() => writeWebpInfotext(JPEG, { text: "", width: 1, height: 1 })).toThrow("not a WebP");
});
