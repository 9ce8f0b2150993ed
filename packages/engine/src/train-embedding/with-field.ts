/** @file Errors of grammars, told beside the field that they came from. */
import { LexemeError } from "@lexeme/core";

/** Runs `read`; an error of it carries `details.field`. */
export function withField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof LexemeError)) throw cause;
    const { message, code, kind, details } = cause;
    throw new LexemeError(message, { code, kind, details: { ...details, field }, cause });
  }
}
