/** @file Embeddings in pictures, as A1111's users share them: in a PNG's text, in the pixels, or both. */
import { concatenateBytes, LexemeError } from "@lexeme/core";
import { Unzlib } from "fflate";
import { fromBase64, toBase64 } from "./base64.ts";
import { embeddingFromJson, type PictureEmbedding } from "./embedding-json.ts";
import { findInPixels, hideInPixels, type Pause, type RgbPicture } from "./embedding-pixels.ts";
import { isPng, readPngTexts, writePngText } from "./png-text.ts";
import type { TextualInversion } from "./textual-inversion.ts";

/** Keyword of the PNG text that A1111 looks for first. */
export const EMBEDDING_KEYWORD = "sd-ti-embedding";
/** The JSON of 1024 rows of 1024 values has 23 MB; larger data is not an embedding. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;
const STEP = 16 * 1024;
/** Bytes that are inflated between two pauses. */
const INFLATED_AT_ONCE = 1024 * 1024;
/** Number of values at the start of the first vector that A1111 uses for the shades of the blocks. */
const SHADES = 1024;

/**
 * The embedding of a picture file, from a PNG's text or else from the pixels, which `decode` gives; work over many pixels pauses. Undefined for any picture without an
 * embedding. Throws LexemeError `EMBEDDING_UNREADABLE` or `EMBEDDING_NOT_FINITE` for a damaged embedding.
 */
export async function readEmbeddingPicture(
  bytes: Uint8Array,
  { decode, pause }: { decode: () => Promise<RgbPicture | undefined>; pause: Pause },
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
  const payload = picture && (await findInPixels(picture, pause));
  // Ordinary pictures can have black columns too; only data with the header of zlib can be an embedding.
  if (!payload || !isZlib(payload)) return undefined;
  const json = await inflate(payload, pause);
  if (!json)
    throw damaged("its pixels carry an embedding that was changed, for example by scaling or by a lossy format");
  return embeddingFromJson(json);
}

export interface EmbeddingToHide {
  /** The result of `embeddingToJson`. */
  readonly json: Uint8Array;
  /** The JSON compressed by zlib at level 9, as in A1111. The caller compresses it, because that takes time. */
  readonly compressed: Uint8Array;
  readonly embedding: Pick<TextualInversion, "vectors" | "width">;
}

/** The picture with the embedding's blocks beside it. A PNG of the result also gets the text, by `writeEmbeddingText`. */
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

/** Tests for zlib's header (RFC 1950): method 8, a window of at most 32 KiB, no dictionary, and check bits. Other data passes once in thousands of cases. */
function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && method >> 4 <= 7 && (flags & 0x20) === 0 && ((method << 8) | flags) % 31 === 0;
}

/** Inflates the data; undefined if it is damaged. The bytes after the zlib data are padding. */
async function inflate(data: Uint8Array, pause: Pause): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let [size, paused] = [0, 0];
  const stream = new Unzlib((piece) => {
    size += piece.length;
    if (size > MAX_JSON_BYTES) throw new RangeError("too long");
    pieces.push(piece);
  });
  try {
    // The steps are small, because a piece can grow a thousandfold before its size is checked.
    for (let at = 0; at < data.length; at += STEP) {
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
      if (size - paused < INFLATED_AT_ONCE) continue;
      await pause();
      paused = size;
    }
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

/** Whether the data contains the checksum. The end of the zlib data, where it stands, is unknown; a match by chance is one in billions. */
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
