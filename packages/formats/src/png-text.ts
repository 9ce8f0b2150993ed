/** @file Text in PNG files: A1111 stores the settings of a picture under the keyword `parameters`. Reads tEXt, zTXt and iTXt; writes tEXt and iTXt. */
import { concatenateBytes, LexemeError } from "@lexeme/core";
import { Unzlib } from "fflate";
import type { RandomAccess } from "./random-access.ts";

/** Keyword of A1111's infotext. */
export const PARAMETERS_KEYWORD = "parameters";

export interface PngText {
  keyword: string;
  text: string;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Whether the bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Length, type and checksum around a chunk's data. */
const CHUNK_OVERHEAD = 12;
/** Limit for all compressed texts of a picture together after inflating. A prompt has a few KB, a ComfyUI workflow some hundred; larger texts are an attack. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** All texts in the order of the file. `bytes` may be only the beginning of a file: the texts that are complete in it are read. */
export function readPngTexts(bytes: Uint8Array): PngText[] {
  const left = { bytes: MAX_TEXT_BYTES };
  return [...chunks(bytes)].flatMap((chunk) => parseText(chunk, left) ?? []);
}

/** A file of 100 MB in the smallest usual pieces has this many chunks. */
const MOST_CHUNKS = 16_384;

/** A1111's infotext of a PNG file, wherever it stands in the file; only texts are read whole. Undefined if there is none, or the file is cut short before it. */
export async function findPngParameters(file: RandomAccess): Promise<string | undefined> {
  const left = { bytes: MAX_TEXT_BYTES };
  let at = SIGNATURE.length;
  for (let i = 0; i < MOST_CHUNKS && at + CHUNK_OVERHEAD <= file.sizeBytes; i++) {
    const head = await file.read(at, 8);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const type = latin1(head.subarray(4));
    if (at + CHUNK_OVERHEAD + length > file.sizeBytes || type === "IEND") return undefined;
    if (isTextType(type) && length <= MAX_TEXT_BYTES) {
      const text = parseText({ type, data: await file.read(at + 8, length) }, left);
      if (text?.keyword === PARAMETERS_KEYWORD) return text.text;
    }
    at += CHUNK_OVERHEAD + length;
  }
  return undefined;
}

/** A1111's infotext, if the picture has one. */
export function readPngParameters(bytes: Uint8Array): string | undefined {
  return readPngTexts(bytes).find(({ keyword }) => keyword === PARAMETERS_KEYWORD)?.text;
}

/** The picture with the text directly after its header, where readers that stop before the pixels find it. Replaces any text with the same keyword. */
export function writePngText(png: Uint8Array, { keyword, text }: PngText): Uint8Array<ArrayBuffer> {
  if (!/^[\u0020-\u007e\u00a1-\u00ff]{1,79}$/u.test(keyword))
    throw new RangeError("a PNG keyword has 1 to 79 Latin-1 letters");
  const kept: Uint8Array[] = [];
  let end = SIGNATURE.length;
  const left = { bytes: MAX_TEXT_BYTES };
  for (const { type, data, start } of chunks(png)) {
    const chunk = png.subarray(start, start + data.length + CHUNK_OVERHEAD);
    end = start + chunk.length;
    if (parseText({ type, data }, left)?.keyword !== keyword) kept.push(chunk);
  }
  if (end !== png.length && end + CHUNK_OVERHEAD < png.length) throw notPng("it is cut short");
  const [header, ...rest] = kept;
  if (!header) throw notPng("it has no header");
  return concatenateBytes([Uint8Array.from(SIGNATURE), header, textChunk(keyword, text), ...rest]);
}

/** libpng refuses a larger chunk that it does not need for the pixels, and with it the picture. */
const MAX_EXTRA_BYTES = 4 << 20;

/** The picture without any text and without very large extras, for readers that would inflate texts of any size. Bytes that are not a valid chunk stay unchanged. */
export function withoutPngTexts(png: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept: Uint8Array[] = [png.subarray(0, SIGNATURE.length)];
  let end = SIGNATURE.length;
  for (const { type, data, start } of chunks(png)) {
    end = start + data.length + CHUNK_OVERHEAD;
    if (!isTextType(type) && !isLargeExtra(type, data)) kept.push(png.subarray(start, end));
  }
  return concatenateBytes([...kept, png.subarray(end)]);
}

function isTextType(type: string): boolean {
  return type === "tEXt" || type === "zTXt" || type === "iTXt";
}

/** Chunks whose type begins with a small letter are not needed for the pixels. */
function isLargeExtra(type: string, data: Uint8Array): boolean {
  return data.length > MAX_EXTRA_BYTES && /^[a-z]/u.test(type);
}

interface Chunk {
  type: string;
  data: Uint8Array;
  /** Offset of the chunk's length field. */
  start: number;
}

function* chunks(bytes: Uint8Array): Generator<Chunk> {
  if (!isPng(bytes)) throw notPng("it does not begin like a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE.length;
  while (at + CHUNK_OVERHEAD <= bytes.length) {
    const length = view.getUint32(at);
    if (at + CHUNK_OVERHEAD + length > bytes.length) return;
    const type = latin1(bytes.subarray(at + 4, at + 8));
    yield { type, data: bytes.subarray(at + 8, at + 8 + length), start: at };
    if (type === "IEND") return;
    at += CHUNK_OVERHEAD + length;
  }
}

/** `left` is the number of bytes that compressed texts may still inflate to. */
function parseText({ type, data }: Pick<Chunk, "type" | "data">, left: { bytes: number }): PngText | undefined {
  const keywordEnd = data.indexOf(0);
  if (keywordEnd < 1) return undefined;
  const keyword = latin1(data.subarray(0, keywordEnd));
  const rest = data.subarray(keywordEnd + 1);
  switch (type) {
    case "tEXt":
      return { keyword, text: latin1(rest) };
    case "zTXt": {
      const inflated = inflate(rest.subarray(1), left);
      return inflated && { keyword, text: latin1(inflated) };
    }
    case "iTXt": {
      const languageEnd = rest.indexOf(0, 2);
      const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1);
      if (translatedEnd < 0) return undefined;
      const body = rest.subarray(translatedEnd + 1);
      const utf8 = rest[0] === 1 ? inflate(body, left) : body;
      return utf8 && { keyword, text: new TextDecoder().decode(utf8) };
    }
    default:
      return undefined;
  }
}

/** Inflates piece by piece, so that a zip bomb is stopped at the limit; undefined for data that cannot be inflated, which PIL skips too. */
function inflate(data: Uint8Array, left: { bytes: number }): Uint8Array | undefined {
  if (left.bytes <= 0) return undefined;
  const pieces: Uint8Array[] = [];
  const stream = new Unzlib((piece) => {
    left.bytes -= piece.length;
    if (left.bytes < 0) throw new RangeError("text too long");
    pieces.push(piece);
  });
  // Small, because a piece can grow a thousandfold before its size is checked.
  const STEP = 4096;
  try {
    for (let at = 0; at < data.length; at += STEP) stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
  } catch {
    return undefined;
  }
  return concatenateBytes(pieces);
}

/** tEXt if Latin-1 can hold the text, else iTXt: PIL's choice, so A1111 and all readers of its files understand it. */
function textChunk(keyword: string, text: string): Uint8Array {
  // eslint-disable-next-line no-control-regex -- this range is Latin-1; a zero byte would end the text early.
  const isLatin1 = /^[\u0001-\u00ff]*$/u.test(text);
  const head = latin1Bytes(`${keyword}\0`);
  const data = isLatin1
    ? concatenateBytes([head, latin1Bytes(text)])
    : concatenateBytes([head, Uint8Array.of(0, 0, 0, 0), new TextEncoder().encode(text)]);
  return pngChunk(isLatin1 ? "tEXt" : "iTXt", data);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(CHUNK_OVERHEAD + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(latin1Bytes(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** CRC-32 of PNG and zip (reflected polynomial 0xedb88320). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** TextDecoder is not used, because its "latin1" is Windows-1252. */
function latin1(bytes: Uint8Array): string {
  const STEP = 8192;
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return text;
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function notPng(what: string): LexemeError {
  return new LexemeError("PNG_UNREADABLE", `This is not a PNG picture, or it is damaged: ${what}`);
}
