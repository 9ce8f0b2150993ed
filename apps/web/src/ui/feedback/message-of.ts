/** @file What the page says of anything that was thrown. */
import { LexemeError } from "@lexeme/core";

/** The sentence to show: the error's own where a person can do something about it. */
export function messageOf(error: unknown): string {
  return error instanceof LexemeError ? error.message : "Something went wrong in this page; reload it and try again";
}
