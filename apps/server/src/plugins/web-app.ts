/** @file Serves the built web app; every address that is not the API's and not a file opens its one page. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { serverError } from "../errors.ts";
import { answer } from "./wire-errors.ts";

const NOT_BUILT = `<!doctype html><title>Lexeme</title><p>The web app is not built yet: run <code>pnpm build</code>, then reload this page.</p>`;

export async function useWebApp(app: FastifyInstance, distDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: distDir,
    wildcard: true,
    // The folder may appear later, when the web app is built while the server runs.
    suppressWarning: true,
    setHeaders(reply, path) {
      // Vite names files under assets/ by their content, so they never change; the page itself must be asked for anew.
      const isHashed = path.replaceAll("\\", "/").includes("/assets/");
      void reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
    cacheControl: false,
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const isPage =
      (request.method === "GET" || request.method === "HEAD") &&
      !path.startsWith("/api/") &&
      !path.startsWith("/assets/");
    if (!isPage)
      return answer(request, reply, serverError("ROUTE_MISSING", `There is nothing at ${request.method} ${path}`));
    if (!existsSync(join(distDir, "index.html"))) return reply.status(503).type("text/html").send(NOT_BUILT);
    return reply.sendFile("index.html");
  });
}
