/** @file The table of routes, the OpenAPI document, and the one shape of every error. */
import { FAILURES, LexemeError, statusOf, type FailureCode } from "@lexeme/core";
import { ROUTES, WireErrorSchema, type RouteName } from "@lexeme/protocol";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explainFileError } from "../src/errors.ts";
import { mergeHandlers, useTypedRoutes, type RouteHandlers } from "../src/plugins/typed-routes.ts";
import { useWireErrors } from "../src/plugins/wire-errors.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);

const NAMES = Object.keys(ROUTES) as RouteName[];

test("every route has its handler, and the OpenAPI document names them all", async () => {
  for (const name of NAMES) {
    const { method, path } = ROUTES[name];
    expect(app.server.hasRoute({ method, url: path })).toBe(true);
  }
  const document = (await app.server.inject("/api/openapi.json")).json();
  const paths = document.paths as Record<string, Record<string, { operationId?: string; tags?: string[] }>>;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const own = operations.filter(({ tags = [] }) => !tags.includes("A1111"));
  expect(own.map(({ operationId = "" }) => operationId).toSorted()).toEqual([...NAMES].toSorted());
  expect(paths["/sdapi/v1/txt2img"]?.["post"]).toMatchObject({ tags: ["A1111"] });
  expect(document.paths["/api/jobs"].post.requestBody).toBeDefined();
});

test("the server does not start when a route has no handler, or two", () => {
  const complete = Object.fromEntries(NAMES.map((name) => [name, async () => ({})])) as unknown as RouteHandlers;
  const { getSystem: _left, ...incomplete } = complete;
  expect(() => useTypedRoutes(Fastify(), incomplete as RouteHandlers)).toThrow("routes without a handler: getSystem");
  expect(() => useTypedRoutes(Fastify(), { ...complete, other: async () => ({}) } as RouteHandlers)).toThrow(
    "handlers without a route: other",
  );
  expect(() => mergeHandlers(complete, { getSystem: complete.getSystem })).toThrow(
    'two handlers for the route "getSystem"',
  );
});

test("GET changes nothing: no GET route takes a body", () => {
  const withBody = NAMES.filter((name) => ROUTES[name].method === "GET" && "body" in ROUTES[name]);
  expect(withBody).toEqual([]);
});

describe("errors", () => {
  test("every code has a status that a client can act on", () => {
    for (const code of Object.keys(FAILURES) as FailureCode[]) {
      expect(statusOf(code)).toBeGreaterThanOrEqual(400);
      expect(statusOf(code) === 500).toBe(code === "INTERNAL");
    }
    expect(statusOf("EMBEDDING_MISFIT")).toBe(422);
    expect(statusOf("DEVICE_UNAVAILABLE")).toBe(503);
  });

  test("an internal fault is masked; a fault of the disk is reported", async () => {
    const server = Fastify();
    useWireErrors(server);
    server.get("/ours", async () => {
      throw new TypeError("secret of the house");
    });
    server.get("/full", async () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC", path: "/data/a.pt" });
    });
    const ours = await server.inject("/ours");
    expect(ours.statusCode).toBe(500);
    expect(ours.body).not.toContain("secret");
    expect(WireErrorSchema.parse(ours.json())).toMatchObject({ code: "INTERNAL", kind: "environment" });
    const full = await server.inject("/full");
    expect(full.statusCode).toBe(507);
    expect(full.json().message).toContain('"/data/a.pt"');
    expect(explainFileError(new Error("else"))).not.toBeInstanceOf(LexemeError);
  });

  test.each([
    ["not JSON", { payload: "{", headers: { "content-type": "application/json" } }, 400, "REQUEST_MALFORMED"],
    ["an unknown kind", { payload: { kind: "dance", settings: {} } }, 400, "REQUEST_MALFORMED"],
    ["too large", { payload: { kind: "x".repeat(3 << 20) } }, 413, "REQUEST_TOO_LARGE"],
    ["another type", { payload: "a=b", headers: { "content-type": "text/plain" } }, 400, "REQUEST_MALFORMED"],
  ])("a body that is %s", async (_what, request, status, code) => {
    const response = await app.server.inject({ method: "POST", url: "/api/jobs", ...request });
    expect({ status: response.statusCode, code: response.json().code }).toEqual({ status, code });
    expect(WireErrorSchema.parse(response.json()).message).not.toMatch(/\.$|Invalid/);
  });
});
