/** @file Every failure of a request becomes one JSON shape: the sentence of a LexemeError, or a masked 500 with the particulars in the log. */
import { LexemeError, statusOf } from "@lexeme/core";
import { toWireError } from "@lexeme/protocol";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { z } from "zod";
import { explainFileError } from "../errors.ts";
import { MAX_UPLOAD_FILES } from "../library/uploads.ts";
import { issueSentence } from "./schema-issue.ts";

export function useWireErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answer(request, reply, error));
}

/** Sends `error` as its status and wire form. */
export function answer(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = knownError(error);
  if (known !== undefined) {
    if (known.kind === "environment") request.log.warn({ err: error }, known.message);
    return reply.status(statusOf(known.code)).send(toWireError(known));
  }
  request.log.error({ err: error }, "request failed");
  return reply.status(500).send(toWireError(error));
}

/** Fastify's and the file system's errors as ours; undefined for what nobody may see. */
export function knownError(error: unknown): LexemeError | undefined {
  if (error instanceof LexemeError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return requestError(error);
  const explained = explainFileError(error);
  if (explained instanceof LexemeError) return explained;
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code } = error as Partial<FastifyError>;
  if (code === "FST_FILES_LIMIT") {
    return new LexemeError("REQUEST_TOO_LARGE", `At most ${MAX_UPLOAD_FILES} files can be uploaded at a time`);
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || statusCode === 413) {
    return new LexemeError("REQUEST_TOO_LARGE", "The request is larger than Lexeme accepts");
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new LexemeError(
      "REQUEST_MALFORMED",
      "The body's type is not one that is read here: send JSON, with the header Content-Type: application/json",
    );
  }
  // The reader of forms gives its errors neither a status nor a code.
  if (
    /^(?:Unexpected end of (?:multipart data|form|file)|Malformed part header|Multipart: Boundary not found)/u.test(
      error.message,
    )
  ) {
    return new LexemeError(
      "REQUEST_MALFORMED",
      "The upload broke off, or it is no form: send it again as multipart/form-data",
    );
  }
  if (statusCode === 429)
    return new LexemeError("SIGN_IN_TOO_OFTEN", "Too many attempts to sign in: wait a minute and try again");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new LexemeError(
      "REQUEST_MALFORMED",
      `The request cannot be understood: ${error.message.replace(/\.$/, "")}`,
    );
  }
  return undefined;
}

/** A body or query that its schema refuses; the first fault is the message, and `details.field` the form's field it belongs beside. */
function requestError(error: FastifyError): LexemeError {
  const issues = (error.validation ?? []).map(({ instancePath, keyword, message, params }) => {
    const field = fieldOf(instancePath);
    // The type provider takes zod's issues apart; this puts one together again.
    return {
      field,
      message: issueSentence({ ...params, code: keyword, message } as unknown as z.core.$ZodIssue, field),
    };
  });
  const [first] = issues;
  return new LexemeError("REQUEST_MALFORMED", first?.message ?? "The request cannot be understood", {
    details: { ...(first && first.field !== "" ? { field: first.field } : {}), issues },
  });
}

/** "/settings/learnRate" is the field "learnRate": forms know their fields by the settings' own names. */
function fieldOf(instancePath: string): string {
  const parts = instancePath.split("/").filter((part) => part !== "");
  return (parts[0] === "settings" ? parts.slice(1) : parts).join(".");
}
