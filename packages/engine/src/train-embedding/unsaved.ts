/** @file Says where what was learned lies when the embedding itself could not be written. */
import { LexemeError } from "@lexeme/core";
import { basename } from "node:path";

/** The failure to save the embedding, and the copy in which what was learned lies all the same. */
export function unsaved(cause: unknown, copyPath: string | undefined): unknown {
  if (!(cause instanceof LexemeError) || copyPath === undefined) return cause;
  const { code, details } = cause;
  const message = `${cause.message}. What was learned is kept as the copy "${basename(copyPath)}" of this run, which can be made the embedding`;
  return new LexemeError(code, message, { details, cause });
}
