/** @file Makes a caption from a picture's file name with the user's regular expression. Its time is limited, because some expressions never end. */
import { createContext, Script } from "node:vm";
import { LexemeError } from "@lexeme/core";
import type { Options } from "@lexeme/domain/options";
import { captionFromFileName } from "@lexeme/domain/templates";

/** Real expressions take microseconds for a file name. */
const LIMIT_MS = 1000;
/** Only Node's `vm` ends a regular expression that takes too long. */
const FIND = new Script(`JSON.stringify([...text.matchAll(new RegExp(source, "gu"))])`);
const values: { text?: string; source?: string } = createContext(Object.create(null));

/** The last expression that took too long. It is not tried for the other pictures, each of which would block for the limit. */
let tooSlow: string | undefined;

export type FileNameWords = Pick<Options, "dataset_filename_word_regex" | "dataset_filename_join_string">;

/**
 * The words that the expression finds in the file name, joined; without an expression, the name. If the expression has groups, they are the
 * words, as in Python's `findall`. Throws LexemeError `CAPTION_UNREADABLE` for an expression that takes too long.
 */
export function captionOfFileName(fileName: string, options: FileNameWords): string {
  const { dataset_filename_word_regex: source, dataset_filename_join_string: joinString } = options;
  const text = captionFromFileName(fileName);
  if (source === "") return text;
  const found = find(text, source).flatMap(([whole, ...groups]) => (groups.length > 0 ? groups : [whole]));
  return found.join(joinString);
}

/** For each match, the whole text and its groups; null for a group without a match. */
function find(text: string, source: string): (string | null)[][] {
  try {
    if (source === tooSlow) throw tookTooLong(source);
    Object.assign(values, { text, source });
    return JSON.parse(String(FIND.runInContext(values, { timeout: LIMIT_MS }))) as (string | null)[][];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
    tooSlow = source;
    throw tookTooLong(source, cause);
  }
}

function tookTooLong(source: string, cause?: unknown): LexemeError {
  const message = `The option "Filename word regex", ${source}, takes too long for file names: choose a simpler expression in the settings, such as one without a repetition inside a repetition`;
  return new LexemeError("CAPTION_UNREADABLE", message, { cause });
}
