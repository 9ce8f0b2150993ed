/** @file Connects each route of the protocol's table with its handler, and refuses to start when a route has no handler. */
import { ROUTES, type Route, type RouteName } from "@lexeme/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { z } from "zod";

type Table = typeof ROUTES;
type Part<N extends RouteName, K extends "params" | "query" | "body" | "response"> =
  Table[N] extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;

/** A request whose parts have passed the route's schemas. */
export interface RouteRequest<N extends RouteName> {
  params: Part<N, "params">;
  query: Part<N, "query">;
  body: Part<N, "body">;
  raw: FastifyRequest;
}

/** Answers with the route's response, or sends a file through `reply` if the table has no response schema. */
export type RouteHandler<N extends RouteName> = (
  request: RouteRequest<N>,
  reply: FastifyReply,
) => Promise<Table[N] extends { response: infer S extends z.ZodType } ? z.input<S> : FastifyReply>;

/** Total: the compiler reports a route without a handler, or a handler without a route. */
export type RouteHandlers = { readonly [N in RouteName]: RouteHandler<N> };

/** Some of the handlers, from one file of `routes/`. */
export type HandlersOf<N extends RouteName> = Pick<RouteHandlers, N>;

/** Registers every route. Throws a RangeError when a route has no handler or a handler has no route. */
export function useTypedRoutes(app: FastifyInstance, handlers: RouteHandlers): void {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const names = Object.keys(ROUTES) as RouteName[];
  const missing = names.filter((name) => typeof handlers[name] !== "function");
  const extra = Object.keys(handlers).filter((name) => !Object.hasOwn(ROUTES, name));
  if (missing.length > 0) throw new RangeError(`routes without a handler: ${missing.join(", ")}`);
  if (extra.length > 0) throw new RangeError(`handlers without a route: ${extra.join(", ")}`);
  for (const name of names) register(app, name, handlers[name]);
}

function register(app: FastifyInstance, name: RouteName, handler: RouteHandler<RouteName>): void {
  const route: Route = ROUTES[name];
  app.route({
    method: route.method,
    url: route.path,
    ...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
    schema: {
      operationId: name,
      summary: route.summary,
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { querystring: route.query } : {}),
      ...(route.body ? { body: route.body } : {}),
      ...(route.response ? { response: { 200: route.response } } : {}),
    },
    async handler(request, reply) {
      const { params, query, body } = request;
      return handler({ params, query, body, raw: request } as RouteRequest<RouteName>, reply);
    },
  });
}

/** Merges the handlers of several files. Throws a RangeError when two files have a handler for the same route. */
export function mergeHandlers(...parts: readonly Partial<RouteHandlers>[]): RouteHandlers {
  const merged = new Map<string, unknown>();
  for (const [name, handler] of parts.flatMap((part) => Object.entries(part))) {
    if (merged.has(name)) throw new RangeError(`two handlers for the route "${name}"`);
    merged.set(name, handler);
  }
  return Object.fromEntries(merged) as unknown as RouteHandlers;
}
