/** @file UserComment in the layouts of A1111's writer (piexif, big-endian text) and of others. */
import { describe, expect, it } from "vitest";
import { readExifUserComment } from "./exif-user-comment.ts";

function exifWith(code: string, text: Buffer, little = false): Buffer {
  const comment = Buffer.concat([Buffer.from(code.padEnd(8, "\0"), "latin1"), text]);
  const tiff = Buffer.alloc(44);
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  tiff.write(little ? "II" : "MM", 0, "latin1");
  u16(42, 2);
  u32(8, 4);
  // The first directory: one entry, the pointer to the second.
  u16(1, 8);
  u16(0x8769, 10);
  u16(4, 12);
  u32(1, 14);
  u32(26, 18);
  u16(1, 26);
  u16(0x9286, 28);
  u16(7, 30);
  u32(comment.length, 32);
  u32(44, 36);
  return Buffer.concat([tiff, comment]);
}

const TEXT = "a café, 猫 🐱\nSteps: 20";
const utf16le = Buffer.from(TEXT, "utf16le");
const utf16be = Buffer.from(utf16le).swap16();

describe("readExifUserComment", () => {
  it.each([
    ["big-endian text in a big-endian file, as A1111", exifWith("UNICODE", utf16be)],
    ["big-endian text in a little-endian file", exifWith("UNICODE", utf16be, true)],
    ["little-endian text", exifWith("UNICODE", utf16le, true)],
    ["little-endian text in a big-endian file", exifWith("UNICODE", utf16le)],
    ["UTF-8 behind UNICODE", exifWith("UNICODE", Buffer.from(TEXT))],
    ["UTF-8 behind UNICODE with an end of zeros", exifWith("UNICODE", Buffer.from(`${TEXT}\0\0`), true)],
    ["plain text", exifWith("ASCII", Buffer.from(`${TEXT}\0\0`))],
    ["a block with its name in front", Buffer.concat([Buffer.from("Exif\0\0"), exifWith("UNICODE", utf16be)])],
  ])("reads %s", (_, exif) => expect(readExifUserComment(exif)).toBe(TEXT));

  it("text without the name of an encoding is read from its beginning, and JIS as A1111 reads it", () => {
    expect(readExifUserComment(exifWith("a cat, 1", Buffer.from("2 dogs")))).toBe("a cat, 12 dogs");
    expect(readExifUserComment(exifWith("JIS", Buffer.from([0x94, 0x4c])))).toBe("猫");
  });

  it("letters of Asia alone stay UTF-16", () => {
    expect(readExifUserComment(exifWith("UNICODE", Buffer.from("猫の庭", "utf16le").swap16()))).toBe("猫の庭");
  });

  it("a damaged block gives no comment", () => {
    const whole = exifWith("UNICODE", utf16be);
    for (let length = 0; length < whole.length; length++) {
      expect(readExifUserComment(whole.subarray(0, length))).toBeUndefined();
    }
  });
});
