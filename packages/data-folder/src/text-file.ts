/** @file Decodes text files of people and other programs: UTF-8, UTF-16 with or without its byte order mark, Windows-1252. */

import { storableText } from "@lexeme/core";

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16LE_MARK = [0xff, 0xfe];
const UTF16BE_MARK = [0xfe, 0xff];

/** Signs of Windows-1252 beyond ASCII that occur in captions and templates; other signs are more likely bytes of another encoding. */
const WESTERN_SIGNS = new Set("€„…‘’“”•–—™œŒšŠžŽŸ\u00A0¡¢£§©ª«®°²³´µ·º»¼½¾¿×÷".split(""));
const LETTERS_BEYOND_ASCII = /[\u00C0-\u024F]/u;
/** Words of Western languages have at most two such letters side by side; Cyrillic, Greek or Chinese bytes have many. */
const TOO_MANY_IN_A_ROW = /[\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F]{3}/u;
/** All control characters except tab, line feed, form feed and carriage return. In a guessed encoding, they are a sign that the guess is wrong. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000E-\u001F\u007F-\u009F]/u;
/** The characters of Windows-1252 from 0x80 to 0x9F, with a blank for a byte without a character; the rest is Latin 1. Not every Node decodes Windows-1252. */
const WESTERN_UPPER = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/**
 * The text without its byte order mark and without NULs, which no text contains and which some programs leave at its end; undefined if the
 * bytes are in none of these encodings, so that nothing is guessed.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, UTF8_MARK)) return decode("utf-8", bytes.subarray(3));
  if (startsWith(bytes, UTF16LE_MARK)) return decode("utf-16le", bytes.subarray(2));
  if (startsWith(bytes, UTF16BE_MARK)) return decode("utf-16be", bytes.subarray(2));
  const text = decode("utf-8", bytes);
  if (text === undefined) return decodeWestern(bytes) ?? decodeUnmarkedUtf16(bytes);
  return hasUpperHalves(bytes, 0) || hasUpperHalves(bytes, 1) ? decodeUnmarkedUtf16(bytes) : text;
}

/** UTF-8 that `decodeText` reads as this very text. It has a byte order mark only if `decodeText` would misread it without one. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  return decodeText(bytes) === text ? bytes : Uint8Array.from([...UTF8_MARK, ...bytes]);
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}

/** Undefined for bytes that are invalid in the encoding. */
function decode(encoding: "utf-8" | "utf-16le" | "utf-16be", bytes: Uint8Array): string | undefined {
  try {
    return storableText(new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function decodeWestern(bytes: Uint8Array): string | undefined {
  const text = Array.from(bytes, westernCharacter).join("");
  if (CONTROL.test(text) || TOO_MANY_IN_A_ROW.test(text)) return undefined;
  const characters = Array.from(text).filter((character) => character.trim() !== "");
  const beyond = characters.filter((character) => character > "\u007F");
  const isKnown = beyond.every((character) => LETTERS_BEYOND_ASCII.test(character) || WESTERN_SIGNS.has(character));
  const isMostlyAscii = beyond.length * 3 <= characters.length * 2 || text.length === 1;
  return isKnown && isMostlyAscii ? text : undefined;
}

/** A byte without a character gives the control character of Latin 1. */
function westernCharacter(byte: number): string {
  const special = byte >= 0x80 && byte <= 0x9f ? WESTERN_UPPER[byte - 0x80]! : " ";
  return special === " " ? String.fromCharCode(byte) : special;
}

/** Decodes UTF-16 without a mark, if exactly one byte order gives a clear text. */
function decodeUnmarkedUtf16(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const texts = (["utf-16be", "utf-16le"] as const).flatMap((order, half) => {
    const text = decode(order, bytes) ?? "";
    return text !== "" && isCommon(text) && (hasUpperHalves(bytes, half) || hasKana(text)) ? [text] : [];
  });
  return texts.length === 1 ? texts[0] : undefined;
}

/**
 * Whether most bytes at even places (`half` 0) or at odd places (1) are control characters. In UTF-16, the upper halves of Latin, Greek,
 * Cyrillic, Hebrew, Arabic and Thai letters are such bytes. Zeros at the end do not count, because they may follow text of any encoding.
 */
function hasUpperHalves(bytes: Uint8Array, half: number): boolean {
  if (bytes.length % 2 !== 0) return false;
  const halves = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1).filter((_, i) => i % 2 === half);
  return halves.filter((byte) => byte < 0x20 && CONTROL.test(String.fromCharCode(byte))).length * 2 > halves.length;
}

/** Any two bytes of Japanese, Chinese or Korean encodings look like Chinese signs or Hangul in UTF-16, but they never give many kana. */
function hasKana(text: string): boolean {
  const characters = Array.from(text);
  const kana = characters.filter((character) => /[\u3000-\u30FF\uFF00-\uFFEF]/u.test(character));
  return kana.length * 4 >= characters.length;
}

/** The characters of captions, as first and last code points. Bytes that are not text sooner or later give a character outside these ranges. */
const COMMON: readonly (readonly [number, number])[] = [
  [0x09, 0x7e],
  // Latin, Greek, Cyrillic, Hebrew, Arabic.
  [0xa0, 0x6ff],
  // Scripts of India, Thai, Latin with more marks.
  [0x900, 0xe7f],
  [0x1e00, 0x1eff],
  // Dashes and quotes, arrows, symbols; joiners and selectors of emoji.
  [0x200b, 0x27bf],
  [0xfe0f, 0xfe0f],
  // Kana, Han, Hangul, full-width letters.
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff00, 0xffef],
  // Emoji.
  [0x1f000, 0x1faff],
];

function isCommon(text: string): boolean {
  return Array.from(text).every((character) => {
    const code = character.codePointAt(0)!;
    return COMMON.some(([first, last]) => code >= first && code <= last);
  });
}
