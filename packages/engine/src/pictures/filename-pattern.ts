/** @file A1111's pattern language for names of pictures and folders: plain text with tokens `[token<argument>]`. */
import { cutToBytes, isDeviceName, REFUSED_IN_FILE_NAMES } from "@lexeme/domain/libraries";

/** The result of a token without a value. The text before the token is then dropped too. */
export const SKIP = Symbol("skip");

/** Makes a token's text from its arguments. `SKIP` also drops the text before the token; undefined leaves the token unchanged. */
export type FilenameToken = (...args: string[]) => string | number | typeof SKIP | undefined;

/** A1111's limit for a part of a name, in characters. */
const MAX_PART_CHARACTERS = 128;

/** Replaces the tokens of a pattern by their texts. An unknown token stays without its arguments, as in A1111. */
export function applyFilenamePattern(pattern: string, tokens: Readonly<Record<string, FilenameToken>>): string {
  let name = "";
  for (const [whole, text = "", inside] of pattern.matchAll(/(.*?)(?:\[([^[\]]+)\]|$)/gsu)) {
    if (whole === "") continue;
    if (inside === undefined) {
      name += text;
      continue;
    }
    const { token, args } = splitArguments(inside);
    const key = token.toLowerCase();
    const said = Object.hasOwn(tokens, key) ? tokens[key]!(...args) : undefined;
    if (said === SKIP) continue;
    name += text + (said === undefined ? `[${token}]` : String(said));
  }
  return name;
}

/** `datetime<%Y><UTC>` is `datetime` with two arguments. */
function splitArguments(inside: string): { token: string; args: string[] } {
  const args: string[] = [];
  let token = inside;
  for (;;) {
    const found = /^(.*)<([^>]*)>$/su.exec(token);
    if (!found) return { token, args };
    token = found[1]!;
    args.unshift(found[2]!);
  }
}

/** Converts a text to a part of a name: forbidden characters become `_`, the characters that Windows drops are removed from both ends, at most 128 characters stay. */
export function sanitizeFilenamePart(text: string, { replaceSpaces }: { replaceSpaces: boolean }): string {
  const spaced = replaceSpaces ? text.replaceAll(" ", "_") : text;
  const allowed = spaced.replaceAll(/[#<>:"/\\|?*\n\r\t]/gu, "_").replace(/^ +/u, "");
  return Array.from(allowed)
    .slice(0, MAX_PART_CHARACTERS)
    .join("")
    .replace(/[ .]+$/u, "");
}

/** The longest name in common file systems, in bytes, minus the room for a number, a suffix and an ending. */
const MAX_NAME_BYTES = 255 - 48;

/**
 * Splits a filled-in pattern at `/` and `\` into folders and a name below the outputs folder. Steps upwards, drives and names that
 * Windows reserves cannot lead out of the outputs folder.
 */
export function filenameParts(filled: string): string[] {
  return filled
    .split(/[/\\]/u)
    .map(safePart)
    .filter((part) => part !== "");
}

function safePart(part: string): string {
  const allowed = part.replaceAll(REFUSED_IN_FILE_NAMES, "_").trimStart();
  const cut = cutToBytes(allowed, MAX_NAME_BYTES).replace(/[ .]+$/u, "");
  return isDeviceName(cut) ? `_${cut}` : cut;
}
