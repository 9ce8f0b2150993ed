/** @file Decides which requests the server accepts: the Host check stops DNS rebinding, the Origin check stops other sites' pages. Also sets security headers. */
import { LexemeError } from "@lexeme/core";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hostName, isLocalHost, type ServerConfig } from "../config.ts";

type HostRules = Pick<ServerConfig, "host" | "auth" | "allowHosts">;

/**
 * Throws LexemeError `HOST_REFUSED` or `ORIGIN_REFUSED` for a request that neither Lexeme's page nor a local program sends.
 * HTTP and the WebSocket use the same check.
 */
export function requireOwnPage(headers: IncomingHttpHeaders, rules: HostRules): void {
  const host = headers.host?.toLowerCase() ?? "";
  const name = hostName(host);
  if (!isOwnHost(name, rules)) {
    throw new LexemeError(
      "HOST_REFUSED",
      `Lexeme does not accept the host name "${name}": open it by its address, or start it with --allow-host ${name || "NAME"}`,
    );
  }
  const { origin } = headers;
  const isOtherOrigin = origin !== undefined && originHost(origin) !== host;
  const isOtherSite = ["cross-site", "same-site"].includes(String(headers["sec-fetch-site"]));
  if (isOtherOrigin || isOtherSite) throw new LexemeError("ORIGIN_REFUSED");
}

/**
 * A rebinding attack needs a DNS name of the attacker. Addresses and this machine's own names are not such names. With a password,
 * every name is allowed, because a browser sends no session cookie to the attacker's name.
 */
function isOwnHost(name: string, { host, auth, allowHosts }: HostRules): boolean {
  if (name === "") return false;
  if (isLocalHost(name) || name.endsWith(".localhost") || name === host.toLowerCase() || allowHosts.includes(name))
    return true;
  if (isLocalHost(host)) return false;
  return auth !== null || isIP(name) !== 0 || machineNames().includes(name);
}

/** Domains of local networks, in which nobody can register a name: RFC 6762, RFC 8375, ICANN's `internal`, and customs of routers. */
const LOCAL_DOMAINS = ["local", "lan", "home", "home.arpa", "internal", "localdomain"];

/** The machine's whole name, its first label alone, and this label in the domains of local networks. */
function machineNames(): string[] {
  const whole = hostname().toLowerCase();
  const [label = whole] = whole.split(".");
  return [whole, label, ...LOCAL_DOMAINS.map((domain) => `${label}.${domain}`)];
}

/** The source of the page's own socket in a policy, because not every browser counts it as 'self'; a policy cannot name an IPv6 address. */
function socketOf(scheme: "ws" | "wss", { host = "" }: IncomingHttpHeaders): string {
  return /^[\w.-]+(?::\d+)?$/u.test(host) ? `${scheme}://${host}` : "'self'";
}

/** True for paths of an API, Lexeme's or A1111's; false for the page and its files. */
function isApi(path: string): boolean {
  return /^\/(?:api|sdapi|internal)\//u.test(path);
}

/**
 * The path of the route that will answer, or the requested path if there is no such route. The path in the request is not reliable, because
 * the router decodes paths and accepts whole addresses: `/%61pi/file` is `/api/file`.
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
        connectSrc: ["'self'", ({ headers }) => socketOf("ws", headers), ({ headers }) => socketOf("wss", headers)],
        workerSrc: ["'self'", "blob:"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // The server uses plain HTTP on a LAN, so requests must not be upgraded to HTTPS.
        upgradeInsecureRequests: null,
      },
    },
    crossOriginEmbedderPolicy: false,
    // On plain HTTP, browsers ignore these two headers and print warnings.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
    referrerPolicy: { policy: "same-origin" },
  });
  app.addHook("onRequest", async (request, reply) => {
    if (isForProgramsOf(request, config)) {
      // The Host is checked here too, because no site may use an unknown host name.
      requireOwnPage({ host: request.headers.host }, config);
      allowOrigin(request, reply);
      // A preflight has no password. It only asks whether the request is allowed.
      if (request.method === "OPTIONS") return reply.status(204).send();
      return undefined;
    }
    // A link on another site may open the page. All other paths are closed to other sites.
    const isPage =
      !isApi(routePath(request)) && !isApi(request.url) && (request.method === "GET" || request.method === "HEAD");
    const headers = isPage ? { host: request.headers.host } : request.headers;
    requireOwnPage(headers, config);
    return undefined;
  });
}

/** True for a request to A1111's API from a page of a site that may use this API. */
function isForProgramsOf(request: FastifyRequest, { corsAllowOrigins, corsAllowOriginsRegex }: ServerConfig): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !/^\/(?:sdapi|internal)\//u.test(routePath(request))) return false;
  return corsAllowOrigins.includes(origin) || corsAllowOriginsRegex?.test(origin) === true;
}

/** A1111's headers for such a page: they allow all methods, all headers, and credentials. */
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
