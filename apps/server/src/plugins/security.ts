/** @file Who may talk to the server at all: Host against DNS rebinding, Origin against other sites' pages, and headers that keep pages apart. */
import { LexemeError } from "@lexeme/core";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isLocalHost, type ServerConfig } from "../config.ts";

type HostRules = Pick<ServerConfig, "host" | "auth" | "allowHosts">;

/**
 * Throws LexemeError `HOST_REFUSED` or `ORIGIN_REFUSED` for a request that no page of ours and no local program would send.
 * The same check stands before HTTP and before the WebSocket.
 */
export function requireOwnPage(headers: IncomingHttpHeaders, rules: HostRules): void {
  const host = headers.host?.toLowerCase() ?? "";
  const name = hostName(host);
  if (!isOwnHost(name, rules)) {
    throw new LexemeError(
      "HOST_REFUSED",
      `Lexeme does not answer under the name "${name}": open it by its address, or start it with --allow-host ${name || "NAME"}`,
    );
  }
  const { origin } = headers;
  if (origin !== undefined && originHost(origin) !== host) {
    throw new LexemeError(
      "ORIGIN_REFUSED",
      "A page of another site tried to use Lexeme: open Lexeme in a tab of its own",
    );
  }
  const site = headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") {
    throw new LexemeError(
      "ORIGIN_REFUSED",
      "A page of another site tried to use Lexeme: open Lexeme in a tab of its own",
    );
  }
}

/**
 * A rebinding attack needs a DNS name of the attacker's; addresses and this machine's own names are none. With a password
 * any name will do, for an attacker's name carries no cookie of ours.
 */
function isOwnHost(name: string, { host, auth, allowHosts }: HostRules): boolean {
  if (name === "") return false;
  if (isLocalHost(name) || name.endsWith(".localhost") || name === host.toLowerCase() || allowHosts.includes(name))
    return true;
  if (isLocalHost(host)) return false;
  return auth !== null || isIP(name) !== 0 || name.split(".")[0] === hostname().toLowerCase().split(".")[0];
}

/** "[::1]:7860" is "::1"; "box.lan:80" is "box.lan". */
function hostName(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(host) ?? [];
  return bracketed ?? plain ?? "";
}

/** True for what programs ask, not for pages and their files: ours, and A1111's. */
function isApi(path: string): boolean {
  return /^\/(?:api|sdapi|internal)\//u.test(path);
}

/**
 * The path of the route that will answer, or what was asked for where there is none. The router decodes paths and takes whole addresses, so
 * that what the request itself says proves nothing: `/%61pi/file` is `/api/file`.
 */
export function routePath({ routeOptions, url }: FastifyRequest): string {
  return routeOptions.url ?? url.split("?")[0] ?? "";
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

export async function useSecurity(app: FastifyInstance, config: ServerConfig): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine sets its variables and transitions through style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'", "ws:", "wss:"],
        workerSrc: ["'self'", "blob:"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // Served over plain HTTP on a LAN, nothing may be upgraded to HTTPS.
        upgradeInsecureRequests: null,
      },
    },
    crossOriginEmbedderPolicy: false,
    // On plain HTTP browsers only warn that they ignore these two.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
    referrerPolicy: { policy: "same-origin" },
  });
  app.addHook("onRequest", async (request, reply) => {
    if (isForProgramsOf(request, config)) {
      // The Host is checked all the same: a name that is not ours is nobody's.
      requireOwnPage({ host: request.headers.host }, config);
      allowOrigin(request, reply);
      // A preflight comes without a password, and asks only whether it may ask.
      if (request.method === "OPTIONS") return reply.status(204).send();
      return undefined;
    }
    // A link from elsewhere may open the page itself; nothing else of ours is for other sites.
    const isPage =
      !isApi(routePath(request)) && !isApi(request.url) && (request.method === "GET" || request.method === "HEAD");
    const headers = isPage ? { host: request.headers.host } : request.headers;
    requireOwnPage(headers, config);
    return undefined;
  });
}

/** True for a page of a site that may use A1111's API, and for that API alone. */
function isForProgramsOf(request: FastifyRequest, { corsAllowOrigins, corsAllowOriginsRegex }: ServerConfig): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !/^\/(?:sdapi|internal)\//u.test(routePath(request))) return false;
  return corsAllowOrigins.includes(origin) || corsAllowOriginsRegex?.test(origin) === true;
}

/** A1111's answer to such a page: all methods and headers, and its user and password too. */
function allowOrigin({ headers }: FastifyRequest, reply: FastifyReply): void {
  const asked = headers["access-control-request-headers"];
  void reply.headers({
    "access-control-allow-origin": headers.origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    vary: "origin",
  });
}
