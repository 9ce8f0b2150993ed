/** @file The one error type for what a user can cause or fix. Caller mistakes stay TypeError, RangeError and SyntaxError. */

/** Who can mend it: `input` the person who typed it, `missing` a file or name that is not there, `conflict` something in the way, `environment` disk, memory, device. */
export type ErrorKind = "input" | "missing" | "conflict" | "environment";

export interface LexemeErrorOptions {
  /** Stable upper-case name, as `CHECKPOINT_TRUNCATED`. Every code is listed in `ERRORS.md`. */
  code: string;
  kind: ErrorKind;
  /** Machine-readable particulars, such as `{ field: "learnRate", position: 7 }`. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** A fault with a sentence that says what is wrong, where, and what to do. The sentence has no final period. */
export class LexemeError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: Record<string, unknown> | undefined;

  constructor(message: string, options: LexemeErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LexemeError";
    this.code = options.code;
    this.kind = options.kind;
    this.details = options.details;
  }
}
