/** @file Failures in A1111's shape, `{ error, detail, body, errors }`, with the statuses that the same errors have in Lexeme's own API. */
import { FAILURES, LexemeError, statusOf } from "@lexeme/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { knownError } from "../plugins/wire-errors.ts";

/** Programs read `detail` or `errors`. In A1111 `error` is the name of a Python class; here it is Lexeme's error code. */
interface SdapiError {
  error: string;
  detail: unknown;
  body: string;
  errors: string;
}

/** Sends `error` as its status and A1111's JSON. */
export function answerSdapi(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = knownError(error);
  if (known === undefined) {
    request.log.error({ err: error }, "request failed");
    return reply.status(500).send(toSdapiError("INTERNAL", FAILURES.INTERNAL.sentence));
  }
  if (known.kind === "environment") request.log.warn({ err: error }, known.message);
  const { issues } = (known.details ?? {}) as { issues?: { field: string; message: string }[] };
  if (known.code !== "REQUEST_MALFORMED" || issues === undefined || issues.length === 0) {
    return reply.status(statusOf(known.code)).send(toSdapiError(known.code, known.message));
  }
  // In A1111, FastAPI answers with a list if the schema refuses a body.
  const detail = issues.map(({ field, message }) => ({
    loc: ["body", ...field.split(".").filter((part) => part !== "")],
    msg: message,
    type: "value_error",
  }));
  return reply.status(422).send({ ...toSdapiError(known.code, known.message), detail });
}

/** A 422 that names a function of A1111 that Lexeme does not have. */
export function notThere(sentence: string): LexemeError {
  return new LexemeError("SDAPI_UNSUPPORTED", sentence);
}

function toSdapiError(code: string, sentence: string): SdapiError {
  return { error: code, detail: sentence, body: "", errors: sentence };
}
