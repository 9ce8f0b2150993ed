/** @file Embeddings in pictures, which A1111's users share as such: in a PNG's text, in the pixels, or both. */
import { concatenateBytes, LexemeError } from "@lexeme/core";
import { Unzlib } from "fflate";
import { fromBase64, toBase64 } from "./base64.ts";
import { embeddingFromJson, type PictureEmbedding } from "./embedding-json.ts";
import { findInPixels, hideInPixels, type RgbPicture } from "./embedding-pixels.ts";
import { readPngTexts, writePngText } from "./png-text.ts";
import type { TextualInversion } from "./textual-inversion.ts";

/** Keyword of the PNG text that A1111 looks for first. */
export const EMBEDDING_KEYWORD = "sd-ti-embedding";
/** The JSON of 1024 rows of 2048 values; what inflates past it is no embedding. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const STEP = 16 * 1024;
/** A1111 shades the blocks by the first values of the first vector. */
const SHADES = 1024;

/**
 * The embedding of a picture file: that in a PNG's text, else that in the pixels, which `decode` gives. Undefined for a picture that
 * carries none, whatever it shows. Throws LexemeError `EMBEDDING_UNREADABLE` or `EMBEDDING_NOT_FINITE` for one that carries a damaged one.
 */
export async function readEmbeddingPicture(
  bytes: Uint8Array,
  decode: () => Promise<RgbPicture | undefined>,
): Promise<PictureEmbedding | undefined> {
  if (isPng(bytes)) {
    const text = readPngTexts(bytes).find(({ keyword }) => keyword === EMBEDDING_KEYWORD)?.text;
    if (text !== undefined) {
      const json = fromBase64(text);
      if (!json) throw damaged(`its text "${EMBEDDING_KEYWORD}" is not base64`);
      return embeddingFromJson(json);
    }
  }
  const picture = await decode();
  const payload = picture && findInPixels(picture);
  // Black columns occur in ordinary pictures too; only what begins as zlib data does pretends to be an embedding.
  if (!payload || !isZlib(payload)) return undefined;
  const json = inflate(payload);
  if (!json) throw damaged("its pixels carry an embedding that was changed since, as by scaling or a lossy format");
  return embeddingFromJson(json);
}

export interface EmbeddingToHide {
  /** `embeddingToJson`. */
  readonly json: Uint8Array;
  /** The same compressed by zlib at level 9, as A1111 does; compressing is the caller's, as it takes a while. */
  readonly compressed: Uint8Array;
  readonly embedding: Pick<TextualInversion, "vectors" | "width">;
}

/** The picture with the embedding's blocks beside it. What is made a PNG of it gets the text too, by `writeEmbeddingText`. */
export function hideEmbedding(picture: RgbPicture, { compressed, embedding }: EmbeddingToHide): RgbPicture {
  return hideInPixels(picture, compressed, shadesOf(embedding));
}

/** The PNG with the embedding in its text. */
export function writeEmbeddingText(png: Uint8Array, { json }: Pick<EmbeddingToHide, "json">): Uint8Array<ArrayBuffer> {
  return writePngText(png, { keyword: EMBEDDING_KEYWORD, text: toBase64(json) });
}

function shadesOf({ vectors, width }: Pick<TextualInversion, "vectors" | "width">): Uint8Array {
  const sizes = vectors.subarray(0, Math.min(width, SHADES)).map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return Uint8Array.from(sizes, (size) => (largest > 0 ? (size / largest) * 255 : 0));
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}

/** RFC 1950: method 8, a window of at most 32 KiB, no dictionary, and a check that makes a chance hit one in thousands. */
function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && method >> 4 <= 7 && (flags & 0x20) === 0 && ((method << 8) | flags) % 31 === 0;
}

/** Undefined for damaged data. What follows the end of the zlib data is padding. */
function inflate(data: Uint8Array): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Unzlib((piece) => {
    size += piece.length;
    if (size > MAX_JSON_BYTES) throw new RangeError("too long");
    pieces.push(piece);
  });
  try {
    // Small steps, for a piece may grow a thousandfold before it is seen.
    for (let at = 0; at < data.length; at += STEP) stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
  } catch {
    return undefined;
  }
  const whole = concatenateBytes(pieces);
  return size > 0 && holds(data, adler32(whole)) ? whole : undefined;
}

/** The checksum of zlib's format (RFC 1950). */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Where zlib's data ends in the padding is not known, but its checksum stands there: anywhere else is one chance in billions. */
function holds(data: Uint8Array, checksum: number): boolean {
  let last = 0;
  for (const byte of data) {
    last = ((last << 8) | byte) >>> 0;
    if (last === checksum) return true;
  }
  return false;
}

function damaged(what: string): LexemeError {
  return new LexemeError("EMBEDDING_UNREADABLE", `Cannot read this embedding: ${what}`);
}
