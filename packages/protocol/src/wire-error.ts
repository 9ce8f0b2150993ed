/** @file An error as it goes over a wire: HTTP body, WebSocket message, job row, worker message. Never a stack. */
import { FAILURES, isFailureCode, LexemeError } from "@lexeme/core";
import { z } from "zod";

export const WireErrorSchema = z.object({
  /** Stable name from a table, as `CHECKPOINT_TRUNCATED`. */
  code: z.string(),
  kind: z.enum(["input", "missing", "conflict", "environment", "internal"]),
  /** A sentence for a person: what is wrong, where, what to do. */
  message: z.string(),
  /** The field of the form that the error belongs beside, when there is one, in `details.field`. */
  details: z.record(z.string(), z.unknown()).optional(),
});

export type WireError = z.infer<typeof WireErrorSchema>;

/** What may be told of `error`: everything of a LexemeError, nothing but `fallback` of any other. */
export function toWireError(error: unknown, fallback: string = FAILURES.INTERNAL.sentence): WireError {
  if (error instanceof LexemeError) {
    const { code, kind, message, details } = error;
    return { code, kind, message, ...(details === undefined ? {} : { details }) };
  }
  return { code: "INTERNAL", kind: "internal", message: fallback };
}

/** The error a wire carried, to be thrown again on this side. A code that only a newer version knows is `INTERNAL` here. */
export function fromWireError({ code, message, details }: WireError): LexemeError {
  return new LexemeError(isFailureCode(code) ? code : "INTERNAL", message, { details });
}
