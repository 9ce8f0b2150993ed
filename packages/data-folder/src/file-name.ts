/** @file Turns names of embeddings and pictures into names of files: a word may have any characters, a file name may not. */

import { LexemeError } from "@lexeme/core";
import { cutToBytes, isDeviceName, MAX_FILE_NAME_BYTES, REFUSED_IN_FILE_NAMES } from "@lexeme/domain/libraries";

/** The most bytes of a file's name on common file systems. */
const MAX_BYTES_WITH_ENDING = 255;
/** The longest ending of an embedding. */
const LONGEST_ENDING = ".safetensors";

/** The name with `_` in place of characters that file names must not have; most names stay the same. Never empty, never hidden. */
export function fileNameOf(name: string): string {
  const safe = name
    .replaceAll(REFUSED_IN_FILE_NAMES, "_")
    .replace(/^\.+/u, (dots) => "_".repeat(dots.length))
    .replace(/[. ]+$/u, (end) => "_".repeat(end.length));
  return cutToBytes(isDeviceName(safe) ? `_${safe}` : safe || "_", MAX_FILE_NAME_BYTES);
}

/**
 * The name, if a file can have this name here: the word of a `.pt` file is its file name. Throws LexemeError `EMBEDDING_NAME_UNUSABLE` with
 * `details.field`.
 */
export function requireFileName(name: string, field: string): string {
  if (name === "" || !isAllowedHere(name)) {
    const message = `No file can have the name "${name}": keep the vectors of the embedding under another name first`;
    throw new LexemeError("EMBEDDING_NAME_UNUSABLE", message, { details: { field, name } });
  }
  const bytes = MAX_BYTES_WITH_ENDING - LONGEST_ENDING.length;
  if (cutToBytes(name, bytes) === name) return name;
  const message = `The name "${cutToBytes(name, 60)}…" is too long for a file, which has at most ${bytes} bytes without its ending: keep the vectors of the embedding under a shorter name first`;
  throw new LexemeError("EMBEDDING_NAME_UNUSABLE", message, { details: { field, name } });
}

/** Whether this operating system allows the name. An existing file may have any name that it allows. */
function isAllowedHere(name: string): boolean {
  return process.platform === "win32" ? fileNameOf(name) === name : !/^\.|[/\0]/u.test(name);
}
