/** @file Turns names of embeddings and pictures into names of files: a word may have any characters, a file name may not. */

import { LexemeError } from "@lexeme/core";

/** Windows refuses these characters; `/` and `\` would lead to another folder. */
const REFUSED = /[<>:"/\\|?*\p{Cc}]/gu;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;
/** The most bytes of a name in UTF-8. File systems allow 255, and a step and an ending are added to the name. */
const MAX_BYTES = 200;

/** The name with `_` in place of characters that file names must not have; most names stay the same. Never empty, never hidden. */
export function fileNameOf(name: string): string {
  const safe = name
    .replaceAll(REFUSED, "_")
    .replace(/^\.+/u, (dots) => "_".repeat(dots.length))
    .replace(/[. ]+$/u, (end) => "_".repeat(end.length));
  return cut(DEVICE.test(safe) ? `_${safe}` : safe || "_");
}

function cut(name: string): string {
  let kept = "";
  let bytes = 0;
  for (const character of name) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > MAX_BYTES) return kept;
    kept += character;
  }
  return kept;
}

/**
 * The name, if a file can have this name here: the word of a `.pt` file is its file name. Throws LexemeError `EMBEDDING_NAME_UNUSABLE` with
 * `details.field`.
 */
export function requireFileName(name: string, field: string): string {
  const isUsable = process.platform === "win32" ? fileNameOf(name) === name : !/^\.|[/\0]/u.test(name) && name !== "";
  if (isUsable) return name;
  const message = `No file can have the name "${name}": keep the vectors of the embedding under another name first`;
  throw new LexemeError("EMBEDDING_NAME_UNUSABLE", message, { details: { field, name } });
}
