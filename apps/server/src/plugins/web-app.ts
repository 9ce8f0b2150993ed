/** @file Serves the built web app. Every path that is neither an API path nor a file opens its single page. */
import { LexemeError } from "@lexeme/core";
import { stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyRequest } from "fastify";

import { answer } from "./wire-errors.ts";

const PAGE = "index.html";
const NOT_BUILT = `<!doctype html><title>Lexeme</title><p>The web app is not built yet: run <code>pnpm build</code>, then reload this page.</p>`;

export async function useWebApp(app: FastifyInstance, distDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: distDir,
    // The route below chooses between file and page. The plugin's own route would run all hooks again for the page.
    serve: false,
    // The folder may appear later, when the web app is built while the server runs.
    suppressWarning: true,
    cacheControl: false,
    setHeaders(reply, path) {
      // Vite names files under assets/ by their content, so they never change; the page itself must be checked at every load.
      const isHashed = path.replaceAll("\\", "/").includes("/assets/");
      void reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.get("/*", { schema: { hide: true } }, async (request, reply) => {
    const path = pathOf(request.url);
    if (path !== undefined && (await isFile(distDir, path))) return reply.sendFile(path);
    if (path === undefined || /^(api|sdapi|internal|controlnet|assets)\//.test(path)) throw missing(request);
    if (await isFile(distDir, PAGE)) return reply.sendFile(PAGE);
    return reply.status(503).type("text/html").send(NOT_BUILT);
  });
  app.setNotFoundHandler((request, reply) => answer(request, reply, missing(request)));
}

function missing({ method, url }: FastifyRequest): LexemeError {
  return new LexemeError("ROUTE_MISSING", `There is nothing at ${method} ${url.split("?")[0]}`);
}

/** The decoded path without its leading slash and query; undefined when it cannot be decoded. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split("?")[0] ?? "").slice(1);
  } catch {
    return undefined;
  }
}

async function isFile(folder: string, path: string): Promise<boolean> {
  const full = resolve(join(folder, path));
  if (path.includes("\0") || !full.startsWith(resolve(folder) + sep)) return false;
  return stat(full).then(
    (file) => file.isFile(),
    () => false,
  );
}
