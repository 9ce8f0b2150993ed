/** @file Bodies as JSON. */
import { LexemeError, quoteLongIntegers } from "@lexeme/core";
import type { FastifyInstance } from "fastify";

/** JSON, or nothing: programs send an empty body with the JSON type for requests that need none. */
export function useJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    const text = String(body);
    if (text.trim() === "") return done(null, undefined);
    try {
      done(null, JSON.parse(quoteLongIntegers(text)));
    } catch {
      done(new LexemeError("REQUEST_MALFORMED", "The body is not JSON"));
    }
  });
}
