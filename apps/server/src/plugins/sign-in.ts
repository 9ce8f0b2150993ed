/** @file Who is signed in: a cookie with a random token for pages, Basic for programs. Without `--auth` everyone is. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config.ts";
import { serverError } from "../errors.ts";

const COOKIE = "lexeme_session";
/** A session ends 30 days after it was last used. */
const SESSION_MS = 30 * 24 * 3600 * 1000;
/** Wrong passwords from one address a minute. */
const MAX_ATTEMPTS = 10;
const MAX_SESSIONS = 1000;

/** What only signed-in people reach is everything under /api, but for the way in. */
const OPEN_PATH = "/api/session";

export class Sessions {
  readonly #auth: ServerConfig["auth"];
  readonly #expiries = new Map<string, number>();

  constructor(auth: ServerConfig["auth"]) {
    this.#auth = auth;
  }

  get needed(): boolean {
    return this.#auth !== null;
  }

  /** The user when name and password are right. Compares digests, so that neither content nor length shows in the time taken. */
  check(user: string, password: string): boolean {
    if (this.#auth === null) return true;
    const userFits = sameText(user, this.#auth.user);
    const passwordFits = sameText(password, this.#auth.password);
    return userFits && passwordFits;
  }

  begin(): string {
    const token = randomBytes(32).toString("base64url");
    const oldest = this.#expiries.keys().next();
    if (this.#expiries.size >= MAX_SESSIONS && !oldest.done) this.#expiries.delete(oldest.value);
    this.#expiries.set(token, Date.now() + SESSION_MS);
    return token;
  }

  end(token: string): void {
    this.#expiries.delete(token);
  }

  /** Name of the signed-in user by cookie or Basic header; null for nobody, and when no password is asked for. */
  userOf(headers: IncomingHttpHeaders): string | null {
    if (this.#auth === null) return null;
    const token = tokenOf(headers);
    if (token !== undefined && this.#isCurrent(token)) return this.#auth.user;
    const basic = basicOf(headers);
    return basic !== undefined && this.check(basic.user, basic.password) ? this.#auth.user : null;
  }

  #isCurrent(token: string): boolean {
    const expiresAt = this.#expiries.get(token);
    if (expiresAt === undefined || expiresAt < Date.now()) {
      this.#expiries.delete(token);
      return false;
    }
    this.#expiries.set(token, Date.now() + SESSION_MS);
    return true;
  }
}

export async function useSignIn(app: FastifyInstance, sessions: Sessions): Promise<void> {
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  const attempts = app.createRateLimit({
    max: MAX_ATTEMPTS,
    timeWindow: 60_000,
    keyGenerator: (request) => request.ip ?? "inject",
  });
  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    if (!sessions.needed || !path.startsWith("/api/") || path === OPEN_PATH) return;
    if (sessions.userOf(request.headers) !== null) return;
    if (request.headers.authorization !== undefined) await countAttempt(attempts, request);
    // No WWW-Authenticate for pages: the sign-in page asks, not the browser's own box.
    if (request.headers["sec-fetch-mode"] === undefined) void reply.header("www-authenticate", 'Basic realm="Lexeme"');
    throw serverError("SIGN_IN_NEEDED", "Sign in first");
  });
  app.decorate("countSignInAttempt", (request: FastifyRequest) => countAttempt(attempts, request));
}

/** Throws LexemeError `SIGN_IN_TOO_OFTEN` when this address has tried too often. */
async function countAttempt(
  attempts: ReturnType<FastifyInstance["createRateLimit"]>,
  request: FastifyRequest,
): Promise<void> {
  const limit = await attempts(request);
  if (!limit.isAllowed && limit.isExceeded) {
    throw serverError("SIGN_IN_TOO_OFTEN", "Too many attempts to sign in: wait a minute and try again");
  }
}

declare module "fastify" {
  interface FastifyInstance {
    countSignInAttempt(request: FastifyRequest): Promise<void>;
  }
}

export function setSessionCookie(reply: FastifyReply, token: string): void {
  void reply.setCookie(COOKIE, token, { path: "/", httpOnly: true, sameSite: "lax", maxAge: SESSION_MS / 1000 });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(COOKIE, { path: "/", httpOnly: true, sameSite: "lax" });
}

/** The session token of a request's cookie header. Read by hand, for the WebSocket's upgrade never passes through Fastify. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1];
}

function basicOf(headers: IncomingHttpHeaders): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
