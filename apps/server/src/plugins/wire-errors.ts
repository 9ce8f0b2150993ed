/** @file Turns every failure of a request into one JSON shape: the sentence of a LexemeError, or a 500 without details, whose details are in the log. */
import { codeOf, LexemeError, statusOf } from "@lexeme/core";
import { toWireError } from "@lexeme/protocol";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { z } from "zod";
import { explainFileError } from "../errors.ts";
import { MAX_UPLOAD_FILES } from "../library/datasets/uploads.ts";
import { issueSentence } from "./schema-issue.ts";

export function useWireErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answer(request, reply, error));
}

/** Sends the wire form of `error` with its status. */
export function answer(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = knownError(error);
  if (known !== undefined) {
    // A file that has vanished may also be a mistake of Lexeme's own.
    if (known.kind === "environment" || known.cause === error) request.log.warn({ err: error }, known.message);
    return reply.status(statusOf(known.code)).send(toWireError(known));
  }
  request.log.error({ err: error }, "request failed");
  return reply.status(500).send(toWireError(error));
}

/** Converts errors of Fastify and of the file system to LexemeErrors; undefined for errors whose details the client must not see. */
export function knownError(error: unknown): LexemeError | undefined {
  if (error instanceof LexemeError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return requestError(error);
  const explained = explainFileError(error);
  if (explained instanceof LexemeError) return explained;
  if (!(error instanceof Error)) return undefined;
  if (codeOf(error) === "ENOENT" && "path" in error) return vanished(String(error.path), error);
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
      "The type of the body is not supported: send JSON with the header Content-Type: application/json",
    );
  }
  // The errors of the form parser have neither a status nor a code.
  if (
    /^(?:Unexpected end of (?:multipart data|form|file)|Malformed part header|Multipart: Boundary not found)/u.test(
      error.message,
    )
  ) {
    return new LexemeError(
      "REQUEST_MALFORMED",
      "The upload was interrupted or is not a form: send it again as multipart/form-data",
    );
  }
  if (statusCode === 429) return new LexemeError("SIGN_IN_TOO_OFTEN");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new LexemeError(
      "REQUEST_MALFORMED",
      `The request cannot be understood: ${error.message.replace(/\.$/, "")}`,
    );
  }
  return undefined;
}

/** The error for a file that was there when the request was checked: two pages can delete it at once. */
function vanished(path: string, cause: Error): LexemeError {
  const message = `"${path}" is not there any more: another page or program may have moved or deleted it meanwhile`;
  return new LexemeError("FILE_MISSING", message, { details: { path }, cause });
}

/** The error for a body or query that does not fit its schema. The message is the first issue, and `details.field` is the form's field of this issue. */
function requestError(error: FastifyError): LexemeError {
  const issues = (error.validation ?? []).map(({ instancePath, keyword, message, params }) => {
    const field = fieldOf(instancePath);
    // The type provider splits zod's issues into parts. This restores an issue.
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

/** "/settings/learnRate" is the field "learnRate", because forms name their fields after the settings. */
function fieldOf(instancePath: string): string {
  const parts = instancePath.split("/").filter((part) => part !== "");
  return (parts[0] === "settings" ? parts.slice(1) : parts).join(".");
}
