/** @file A1111's HTTP API, so that programs written for it run unchanged: one scope with its own sign-in, errors and body limit. */
import { LexemeError, writeJson } from "@lexeme/core";
import { performance } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";

import { routePath } from "../plugins/security.ts";
import { visitorOf } from "../plugins/sign-in.ts";
import type { Services } from "../services.ts";
import { lenientReader, type SdapiRequest, type SdapiRoute } from "./route.ts";
import { answerSdapi } from "./sdapi-errors.ts";
import { sdapiRoutes } from "./sdapi-routes.ts";

/** Pictures come as base64 inside JSON: a photo of 40 MB has 54 MB as base64. */
const MAX_BODY_BYTES = 64 << 20;
/** This route needs no sign-in: it only says that the server answers. */
const PING_PATH = "/internal/ping";

/** Registers the API, unless `--no-api` was given. */
export async function useSdapi(app: FastifyInstance, services: Services): Promise<void> {
  if (!services.config.api) return;
  const { routes, close } = sdapiRoutes(services);
  await app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    // Only JSON is accepted: a form or a text must not count as an empty request.
    scope.removeContentTypeParser(["text/plain", "multipart/form-data"]);
    scope.setErrorHandler((error, request, reply) => answerSdapi(request, reply, error));
    scope.addHook("onRequest", async (request, reply) => {
      startedAt.set(request, performance.now());
      if (routePath(request) === PING_PATH) return;
      try {
        services.sessions.requireForApi(visitorOf(request));
      } catch (error) {
        void reply.header("www-authenticate", 'Basic realm="Lexeme"');
        throw error;
      }
    });
    scope.addHook("onSend", async (request, reply) => {
      const seconds = (performance.now() - (startedAt.get(request) ?? performance.now())) / 1000;
      void reply.header("x-process-time", seconds.toFixed(4));
    });
    scope.addHook("onClose", close);
    for (const route of routes) register(scope, route);
    for (const method of ["GET", "POST"] as const) {
      scope.route({
        method,
        url: "/sdapi/*",
        schema: { hide: true },
        async handler({ url }) {
          const path = url.split("?")[0];
          throw new LexemeError(
            "ROUTE_MISSING",
            `There is no ${method} ${path} here: Lexeme has only a part of A1111's API`,
          );
        },
      });
    }
  });
}

const startedAt = new WeakMap<object, number>();

function register(scope: FastifyInstance, { method, path, summary, body, query, handler }: SdapiRoute): void {
  const read = body && lenientReader(body);
  scope.route({
    method,
    url: path,
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      summary,
      tags: ["A1111"],
      ...(body === undefined ? {} : { body }),
      ...(query === undefined ? {} : { querystring: query }),
    },
    async preValidation(request) {
      if (read !== undefined) request.body = read(request.body);
    },
    async handler(request, reply) {
      const gone = new AbortController();
      reply.raw.on("close", () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      const answer = await handler({
        body: request.body,
        query: request.query,
        raw: request,
        gone: gone.signal,
      } satisfies SdapiRequest<unknown, unknown>);
      // If there is no answer, A1111 sends `null`, and its clients parse it.
      return reply.type("application/json; charset=utf-8").send(writeJson(answer ?? null));
    },
  });
}
