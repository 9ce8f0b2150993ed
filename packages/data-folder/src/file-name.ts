/** @file Names of embeddings and pictures as names of files: a word may be called anything, a file may not. */

import { LexemeError } from "@lexeme/core";

/** Windows refuses them; `/` and `\` would lead elsewhere. */
const REFUSED = /[<>:"/\\|?*\p{Cc}]/gu;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;
/** Bytes of a name in UTF-8; file systems take 255, and a step and an ending come behind. */
const MAX_BYTES = 200;

/** The name with `_` for all that no file's name may hold; the name itself for nearly all. Never empty, never hidden. */
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
 * The name, if a file here can be called so: the word of a `.pt` is its file's name. Throws LexemeError `EMBEDDING_NAME_UNUSABLE` with
 * `details.field`.
 */
export function requireFileName(name: string, field: string): string {
  const isUsable = process.platform === "win32" ? fileNameOf(name) === name : !/^\.|[/\0]/u.test(name) && name !== "";
  if (isUsable) return name;
  const message = `No file can be called "${name}": keep the vectors of the embedding under another name first`;
  throw new LexemeError("EMBEDDING_NAME_UNUSABLE", message, { details: { field, name } });
}
