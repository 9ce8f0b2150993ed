/** @file Writes infotext into JPEG and WebP files as A1111 does: into EXIF's UserComment, byte for byte as its library (piexif) writes it. */
import { concatenateBytes } from "@lexeme/core";

/** Exif 2.3: the name is in front of the block, the first IFD has a pointer to the Exif IFD, and the Exif IFD has the comment. */
const EXIF_NAME = [0x45, 0x78, 0x69, 0x66, 0, 0];
const EXIF_IFD_TAG = 0x8769;
const USER_COMMENT_TAG = 0x9286;
const [TYPE_LONG, TYPE_UNDEFINED] = [4, 7];
/** Offsets from "MM": the first directory is after the header, then the second directory, then the comment. */
const [FIRST_IFD, EXIF_IFD, COMMENT] = [8, 26, 40];
const UNICODE_CODE = [0x55, 0x4e, 0x49, 0x43, 0x4f, 0x44, 0x45, 0];

/** A JPEG segment's length field has 16 bits and counts itself. */
const MAX_SEGMENT_BYTES = 0xffff - 2;

/** Whether a text fits into a JPEG file, whose EXIF has at most 64 KB: about 32,000 characters. */
export function fitsJpegExif(text: string): boolean {
  return EXIF_NAME.length + COMMENT + UNICODE_CODE.length + 2 * text.length <= MAX_SEGMENT_BYTES;
}

/** The JPEG with the text as its first EXIF block. Throws TypeError if the bytes are not a JPEG, RangeError if the text does not fit. */
export function writeJpegInfotext(jpeg: Uint8Array, text: string): Uint8Array {
  if (!fitsJpegExif(text)) throw new RangeError("the text is longer than a JPEG segment");
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw notA("JPEG");
  const exif = exifUserComment(text);
  const segment = new Uint8Array(4 + EXIF_NAME.length + exif.length);
  segment.set([0xff, 0xe1]);
  new DataView(segment.buffer).setUint16(2, segment.length - 2);
  segment.set(EXIF_NAME, 4);
  segment.set(exif, 4 + EXIF_NAME.length);
  return concatenateBytes([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** The VP8X chunk of WebP's container: one byte of flags, three reserved bytes, width - 1 and height - 1 in 24 bits each. */
const VP8X_BYTES = 10;
const EXIF_FLAG = 0x08;
const RIFF_HEADER_BYTES = 12;

/** The still WebP picture with the text as its EXIF chunk, in the extended layout that this chunk needs. Throws TypeError for any other file. */
export function writeWebpInfotext(
  webp: Uint8Array,
  { text, width, height }: { text: string; width: number; height: number },
): Uint8Array {
  if (ascii(webp, 0) !== "RIFF" || ascii(webp, 8) !== "WEBP") throw notA("WebP");
  const first = ascii(webp, RIFF_HEADER_BYTES);
  if (first !== "VP8 " && first !== "VP8L") throw notA("WebP");
  const extended = new Uint8Array(VP8X_BYTES);
  const view = new DataView(extended.buffer);
  extended[0] = EXIF_FLAG;
  view.setUint16(4, (width - 1) & 0xffff, true);
  extended[6] = (width - 1) >>> 16;
  view.setUint16(7, (height - 1) & 0xffff, true);
  extended[9] = (height - 1) >>> 16;
  const body = concatenateBytes([
    riffChunk("VP8X", extended),
    webp.subarray(RIFF_HEADER_BYTES),
    riffChunk("EXIF", exifUserComment(text)),
  ]);
  const whole = concatenateBytes([webp.subarray(0, RIFF_HEADER_BYTES), body]);
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
  return whole;
}

/** A big-endian TIFF block that holds only the comment, in UTF-16. */
function exifUserComment(text: string): Uint8Array {
  const count = UNICODE_CODE.length + 2 * text.length;
  const bytes = new Uint8Array(COMMENT + count);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x4d, 0, 42]);
  view.setUint32(4, FIRST_IFD);
  entry(view, FIRST_IFD, { tag: EXIF_IFD_TAG, type: TYPE_LONG, count: 1, value: EXIF_IFD });
  entry(view, EXIF_IFD, { tag: USER_COMMENT_TAG, type: TYPE_UNDEFINED, count, value: COMMENT });
  bytes.set(UNICODE_CODE, COMMENT);
  for (let i = 0; i < text.length; i++) view.setUint16(COMMENT + UNICODE_CODE.length + 2 * i, text.charCodeAt(i));
  return bytes;
}

/** Writes a directory of one entry; the pointer to a next directory stays zero. */
function entry(
  view: DataView,
  at: number,
  { tag, type, count, value }: { tag: number; type: number; count: number; value: number },
): void {
  view.setUint16(at, 1);
  view.setUint16(at + 2, tag);
  view.setUint16(at + 4, type);
  view.setUint32(at + 6, count);
  view.setUint32(at + 10, value);
}

/** Name, length, data, and a byte of padding if the length is odd. */
function riffChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + data.length + (data.length % 2));
  for (let i = 0; i < 4; i++) chunk[i] = name.charCodeAt(i);
  new DataView(chunk.buffer).setUint32(4, data.length, true);
  chunk.set(data, 8);
  return chunk;
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function notA(format: "JPEG" | "WebP"): TypeError {
  return new TypeError(`not a ${format} picture that an infotext can be written into`);
}
