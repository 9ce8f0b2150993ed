/** @file The one error type for what a user can cause or fix. Caller mistakes stay TypeError, RangeError and SyntaxError. */
import { FAILURES, type ErrorKind, type FailureCode } from "./failures.ts";

export interface LexemeErrorOptions {
  /** Machine-readable particulars, such as `{ field: "learnRate", position: 7 }`. */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** A fault of the table with a sentence that says what is wrong, where, and what to do. The sentence has no final period. */
export class LexemeError extends Error {
  readonly code: FailureCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: FailureCode, message: string = FAILURES[code].sentence, options: LexemeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LexemeError";
    this.code = code;
    this.details = options.details;
  }

  /** Who can mend it. */
  get kind(): ErrorKind {
    return FAILURES[this.code].kind;
  }
}

/** Runs a check, at once or awaited; a LexemeError of it carries the form's field that it belongs beside as `details.field`. */
export function withField<T>(field: string, check: () => T): T {
  try {
    const result = check();
    return result instanceof Promise ? (result.catch((error: unknown) => rethrow(field, error)) as T) : result;
  } catch (error) {
    return rethrow(field, error);
  }
}

function rethrow(field: string, error: unknown): never {
  if (!(error instanceof LexemeError)) throw error;
  throw new LexemeError(error.code, error.message, { details: { ...error.details, field }, cause: error });
}
