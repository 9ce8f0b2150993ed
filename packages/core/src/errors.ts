/** @file The one error type for faults that a user can cause or fix. A mistake of calling code is a TypeError, RangeError or SyntaxError. */
import { FAILURES, type ErrorKind, type FailureCode } from "./failures.ts";

export interface LexemeErrorOptions {
  /** Machine-readable particulars, such as `{ field: "learnRate", position: 7 }`. */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** A failure of the table `FAILURES`. Its message is a sentence that says what is wrong, where, and what to do, without a final period. */
export class LexemeError extends Error {
  readonly code: FailureCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: FailureCode, message: string = FAILURES[code].sentence, options: LexemeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LexemeError";
    this.code = code;
    this.details = options.details;
  }

  /** The kind of the code in the table. */
  get kind(): ErrorKind {
    return FAILURES[this.code].kind;
  }
}

/** Runs a check, synchronous or asynchronous. If it throws a LexemeError, the error gets the name of the form's field as `details.field`. */
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

/**
 * Throws `cause` again if it is a mistake of calling code. Code that goes on after a fault of a user's file or device calls this first: no user
 * can fix a mistake of ours, so it must not be passed over.
 */
export function rethrowOwnMistake(cause: unknown): void {
  if (OWN_MISTAKES.some((kind) => cause instanceof kind)) throw cause;
}

const OWN_MISTAKES = [TypeError, RangeError, SyntaxError, ReferenceError];
