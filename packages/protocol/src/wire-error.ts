/** @file The form of an error in an HTTP body, WebSocket message, job row or worker message. It never has a stack. */
import { ERROR_KINDS, FAILURES, isFailureCode, LexemeError } from "@lexeme/core";
import { z } from "zod";

export const WireErrorSchema = z.object({
  /** Stable name from a table, such as `DISK_FULL`. */
  code: z.string(),
  /** Jobs of earlier versions have a special kind for `INTERNAL`, which is read as the present one. */
  kind: z.enum(ERROR_KINDS).catch(FAILURES.INTERNAL.kind),
  /** A sentence for a person: what is wrong, where, what to do. */
  message: z.string(),
  /** `details.field` is the form's field to which the error belongs, if there is one. */
  details: z.record(z.string(), z.unknown()).optional(),
});

export type WireError = z.infer<typeof WireErrorSchema>;

/** The public form of `error`: all parts of a LexemeError, but only `fallback` for any other error. */
export function toWireError(error: unknown, fallback: string = FAILURES.INTERNAL.sentence): WireError {
  if (error instanceof LexemeError) {
    const { code, kind, message, details } = error;
    return { code, kind, message, ...(details === undefined ? {} : { details }) };
  }
  return { code: "INTERNAL", kind: FAILURES.INTERNAL.kind, message: fallback };
}

/** The received error as a LexemeError, to be thrown again. A code that only a newer version knows becomes `INTERNAL`. */
export function fromWireError({ code, message, details }: WireError): LexemeError {
  return new LexemeError(isFailureCode(code) ? code : "INTERNAL", message, { details });
}
