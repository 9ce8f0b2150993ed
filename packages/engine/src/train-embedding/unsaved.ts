/** @file The error for a trained embedding that could not be written, with the name of the saved copy. */
import { LexemeError } from "@lexeme/core";
import { basename } from "node:path";

/** The failure to save the embedding, with the name of the copy that holds the trained vectors. */
export function unsaved(cause: unknown, copyPath: string | undefined): unknown {
  if (!(cause instanceof LexemeError) || copyPath === undefined) return cause;
  const { code, details } = cause;
  const message = `${cause.message}. The trained vectors are saved as the copy "${basename(copyPath)}" of this run, which you can save as the embedding`;
  return new LexemeError(code, message, { details, cause });
}
