/** @file Parses JSON bodies. */
import { isNestedDeeply, LexemeError, quoteLongIntegers } from "@lexeme/core";
import type { FastifyInstance } from "fastify";

/** Accepts JSON or an empty body: programs send an empty body with the JSON type for requests that need no body. */
export function useJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    const text = String(body);
    if (text.trim() === "") return done(null, undefined);
    if (isNestedDeeply(text)) return done(new LexemeError("REQUEST_MALFORMED", "The body is nested too deeply"));
    try {
      done(null, JSON.parse(quoteLongIntegers(text)));
    } catch {
      done(new LexemeError("REQUEST_MALFORMED", "The body is not JSON"));
    }
  });
}
