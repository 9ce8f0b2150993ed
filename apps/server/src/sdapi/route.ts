/** @file The parts of a route of A1111's API, and a lenient reader of its requests that works like pydantic in A1111. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";

/** A request whose body and query have passed the route's schemas. */
export interface SdapiRequest<B, Q> {
  body: B;
  query: Q;
  raw: FastifyRequest;
  /** Aborted when the program hangs up before it has its answer. */
  gone: AbortSignal;
}

export interface SdapiRoute {
  method: "GET" | "POST";
  path: string;
  summary: string;
  body: z.ZodObject | undefined;
  query: z.ZodObject | undefined;
  handler: (request: SdapiRequest<unknown, unknown>) => Promise<unknown>;
}

type Output<S> = S extends z.ZodObject ? z.output<S> : undefined;

interface RouteParts<B, Q> {
  summary: string;
  body?: B;
  query?: Q;
  handler: (request: SdapiRequest<Output<B>, Output<Q>>) => Promise<unknown>;
}

type Definition = <B extends z.ZodObject | undefined = undefined, Q extends z.ZodObject | undefined = undefined>(
  path: string,
  parts: RouteParts<B, Q>,
) => SdapiRoute;

export const get: Definition = (path, parts) => define("GET", path, parts);
export const post: Definition = (path, parts) => define("POST", path, parts);

function define<B extends z.ZodObject | undefined, Q extends z.ZodObject | undefined>(
  method: SdapiRoute["method"],
  path: string,
  { summary, body, query, handler }: RouteParts<B, Q>,
): SdapiRoute {
  // The handler takes the values that the schemas `body` and `query` return.
  return { method, path, summary, body, query, handler: handler as SdapiRoute["handler"] };
}

/**
 * A reader that reads a body like A1111: a field with null counts as left out, "20" is 20 and "true" is true if the field is a number or a
 * switch, and a missing body is an empty body. A body that is null stays null, which no schema accepts.
 */
export function lenientReader(schema: z.ZodObject): (body: unknown) => unknown {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return (body) => {
    if (body === undefined) return {};
    if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
    const given = Object.entries(body).filter(([, value]) => value !== null);
    return Object.fromEntries(given.map(([name, value]) => [name, readAs(typeOf(properties[name]), value)]));
  };
}

function typeOf(property: unknown): unknown {
  return typeof property === "object" && property !== null && "type" in property ? property.type : undefined;
}

function readAs(type: unknown, value: unknown): unknown {
  if (type === "boolean" && (value === 0 || value === 1)) return value === 1;
  if (typeof value === "number" && type === "string") return String(value);
  if (typeof value !== "string") return value;
  const text = value.trim();
  if ((type === "number" || type === "integer") && text !== "" && Number.isFinite(Number(text))) return Number(text);
  if (type === "boolean" && /^(?:true|false|on|off|yes|no|1|0)$/iu.test(text))
    return /^(?:true|on|yes|1)$/iu.test(text);
  return value;
}
