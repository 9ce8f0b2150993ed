/** @file Sign-in: pages use a cookie with a random token, programs use Basic authentication. Without `--auth` everyone is signed in. */
import { LexemeError } from "@lexeme/core";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { performance } from "node:perf_hooks";
import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Credentials, ServerConfig } from "../config.ts";

import { routePath } from "./security.ts";
import { SignInAttempts } from "./sign-in-attempts.ts";
import { TrustedProxies, type Visitor } from "./trusted-proxies.ts";

/** A session ends 30 days after it was last used. */
const SESSION_MS = 30 * 24 * 3600 * 1000;
const MAX_SESSIONS = 1000;

/** The only path under /api that needs no sign-in, because it is the sign-in itself. */
const OPEN_PATH = "/api/session";
/** The longest time for sending a user and a password; without a limit, strangers could keep any number of requests open. */
export const SIGN_IN_BODY_MS = 10_000;

export class Sessions {
  readonly #auth: Credentials | null;
  readonly #apiAuth: readonly Credentials[];
  /** Times of `performance.now()`, which do not change when the clock is set. */
  readonly #expiries = new Map<string, number>();
  readonly #attempts = new SignInAttempts();
  readonly #proxies: TrustedProxies;

  constructor({ auth, apiAuth, trustedProxies }: Pick<ServerConfig, "auth" | "apiAuth" | "trustedProxies">) {
    this.#auth = auth;
    this.#apiAuth = apiAuth;
    this.#proxies = new TrustedProxies(trustedProxies);
  }

  /** Begins a session and returns its token. Throws LexemeError `SIGN_IN_WRONG` or `SIGN_IN_TOO_OFTEN`. */
  signIn(given: Credentials, visitor: Visitor): string {
    this.requireAttemptLeft(visitor);
    if (this.#auth !== null && !isThem(given, this.#auth)) {
      this.countFailure(visitor);
      throw new LexemeError("SIGN_IN_WRONG", "This user and password do not match", { details: { field: "password" } });
    }
    const token = randomBytes(32).toString("base64url");
    const oldest = this.#expiries.keys().next();
    if (this.#expiries.size >= MAX_SESSIONS && !oldest.done) this.#expiries.delete(oldest.value);
    this.#expiries.set(token, performance.now() + SESSION_MS);
    return token;
  }

  /** Throws LexemeError `SIGN_IN_TOO_OFTEN` when this visitor must wait. */
  requireAttemptLeft(visitor: Visitor): void {
    this.#attempts.requireLeft(this.#proxies.addressOf(visitor));
  }

  countFailure(visitor: Visitor): void {
    this.#attempts.failed(this.#proxies.addressOf(visitor));
  }

  signOut(headers: IncomingHttpHeaders): void {
    const token = tokenOf(headers);
    if (token !== undefined) this.#expiries.delete(token);
  }

  /** Name of the signed-in user; null if no password is set. Throws LexemeError `SIGN_IN_NEEDED` or `SIGN_IN_TOO_OFTEN`. */
  require({ headers, address }: Visitor): string | null {
    if (this.#auth === null) return null;
    const token = tokenOf(headers);
    if (token !== undefined && this.#isCurrent(token)) return this.#auth.user;
    this.#requireBasic({ headers, address }, [this.#auth]);
    return this.#auth.user;
  }

  /**
   * Checks a user of A1111's API. Users of `--api-auth` are allowed, and signed-in users, who can do the same through the page.
   * If neither option sets a password, everyone is allowed. Throws LexemeError `SIGN_IN_NEEDED` or `SIGN_IN_TOO_OFTEN`.
   */
  requireForApi({ headers, address }: Visitor): void {
    const token = tokenOf(headers);
    const known = [...this.#apiAuth, ...(this.#auth === null ? [] : [this.#auth])];
    if (known.length === 0 || (this.#auth !== null && token !== undefined && this.#isCurrent(token))) return;
    this.#requireBasic({ headers, address }, known);
  }

  #requireBasic(visitor: Visitor, known: readonly Credentials[]): void {
    if (/^basic\b/iu.test(visitor.headers.authorization ?? "")) {
      this.requireAttemptLeft(visitor);
      const given = basicOf(visitor.headers);
      // All users are compared, so that the time does not show which user matched.
      if (given !== undefined && known.filter((one) => isThem(given, one)).length > 0) return;
      this.countFailure(visitor);
    }
    throw new LexemeError("SIGN_IN_NEEDED", "Sign in first");
  }

  #isCurrent(token: string): boolean {
    const expiresAt = this.#expiries.get(token);
    if (expiresAt === undefined || expiresAt < performance.now()) {
      this.#expiries.delete(token);
      return false;
    }
    this.#expiries.set(token, performance.now() + SESSION_MS);
    return true;
  }
}

export async function useSignIn(app: FastifyInstance, sessions: Sessions): Promise<void> {
  await app.register(cookie);
  app.addHook("onRequest", async (request, reply) => {
    if (isSignIn(request)) {
      sessions.requireAttemptLeft(visitorOf(request));
      limitBodyTime(reply);
    }
    const path = routePath(request);
    if (!path.startsWith("/api/") || path === OPEN_PATH) return;
    // Pages get no WWW-Authenticate header, so that the sign-in page asks instead of the browser's dialog.
    const isProgram = request.headers["sec-fetch-mode"] === undefined;
    try {
      sessions.require(visitorOf(request));
    } catch (error) {
      if (isProgram) void reply.header("www-authenticate", 'Basic realm="Lexeme"');
      throw error;
    }
  });
  // A sign-in that is too long, too slow or not JSON is an attempt too. Sessions counts wrong passwords itself.
  app.addHook("onError", async (request, _reply, error) => {
    const isCounted = error instanceof LexemeError && ["SIGN_IN_WRONG", "SIGN_IN_TOO_OFTEN"].includes(error.code);
    if (isSignIn(request) && !isCounted) sessions.countFailure(visitorOf(request));
  });
}

export function visitorOf({ headers, ip }: Pick<FastifyRequest, "headers" | "ip">): Visitor {
  return { headers, address: ip };
}

function isSignIn(request: FastifyRequest): boolean {
  return request.method === "POST" && routePath(request) === OPEN_PATH;
}

/** Answers a request whose body does not arrive in time, and ends its connection. */
function limitBodyTime(reply: FastifyReply): void {
  const timer = setTimeout(() => {
    if (reply.sent) return;
    void reply.header("connection", "close");
    void reply.send(new LexemeError("REQUEST_TOO_SLOW", "The sign-in did not arrive in time: try again"));
  }, SIGN_IN_BODY_MS);
  reply.raw.once("close", () => clearTimeout(timer));
}

export function setSessionCookie(reply: FastifyReply, token: string): void {
  const name = cookieName(reply.request.headers);
  void reply.setCookie(name, token, { path: "/", httpOnly: true, sameSite: "lax", maxAge: SESSION_MS / 1000 });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(cookieName(reply.request.headers), { path: "/", httpOnly: true, sameSite: "lax" });
}

/** Browsers keep cookies by host and not by port, so two servers on one machine need cookies with different names. */
function cookieName({ host = "" }: IncomingHttpHeaders): string {
  const [, port] = /:(\d+)$/u.exec(host) ?? [];
  return port === undefined ? "lexeme_session" : `lexeme_session_${port}`;
}

/** The session token in a cookie header. It is parsed here, because the WebSocket's upgrade does not go through Fastify. */
function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  return new RegExp(`(?:^|;\\s*)${cookieName(headers)}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1];
}

function basicOf(headers: IncomingHttpHeaders): Credentials | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Compares digests, so that the time shows neither content nor length. */
function isThem(given: Credentials, known: Credentials): boolean {
  const userFits = sameText(given.user, known.user);
  const passwordFits = sameText(given.password, known.password);
  return userFits && passwordFits;
}

function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
