/** @file The sentence that the page shows for a thrown error. */
import { LexemeError } from "@lexeme/core";

/** The error's own sentence if it was written for users, otherwise a general one. */
export function messageOf(error: unknown): string {
  return error instanceof LexemeError ? error.message : "Something went wrong in this page; reload it and try again";
}
