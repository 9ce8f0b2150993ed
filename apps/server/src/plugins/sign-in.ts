/** @file Sign-in: pages use a cookie with a random token, programs use Basic authentication. Without `--auth` everyone is signed in. */
import { LexemeError } from "@lexeme/core";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Credentials } from "../config.ts";

import { routePath } from "./security.ts";
import { SignInAttempts } from "./sign-in-attempts.ts";

const COOKIE = "lexeme_session";
/** A session ends 30 days after it was last used. */
const SESSION_MS = 30 * 24 * 3600 * 1000;
const MAX_SESSIONS = 1000;

/** The only path under /api that needs no sign-in, because it is the sign-in itself. */
const OPEN_PATH = "/api/session";

/** The parts of a request that identify its sender. */
export interface Visitor {
  headers: IncomingHttpHeaders;
  address: string;
}

export class Sessions {
  readonly #auth: Credentials | null;
  readonly #apiAuth: readonly Credentials[];
  readonly #expiries = new Map<string, number>();
  readonly #attempts = new SignInAttempts();

  constructor(auth: Credentials | null, apiAuth: readonly Credentials[] = []) {
    this.#auth = auth;
    this.#apiAuth = apiAuth;
  }

  /** Begins a session and returns its token. Throws LexemeError `SIGN_IN_WRONG` or `SIGN_IN_TOO_OFTEN`. */
  signIn(user: string, password: string, address: string): string {
    this.#attempts.requireLeft(address);
    if (this.#auth !== null && !isThem({ user, password }, this.#auth)) {
      this.#attempts.failed(address);
      throw new LexemeError("SIGN_IN_WRONG", "This user and password do not match", { details: { field: "password" } });
    }
    const token = randomBytes(32).toString("base64url");
    const oldest = this.#expiries.keys().next();
    if (this.#expiries.size >= MAX_SESSIONS && !oldest.done) this.#expiries.delete(oldest.value);
    this.#expiries.set(token, Date.now() + SESSION_MS);
    return token;
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

  #requireBasic({ headers, address }: Visitor, known: readonly Credentials[]): void {
    const given = basicOf(headers);
    if (given !== undefined) {
      this.#attempts.requireLeft(address);
      // All users are compared, so that the time does not show which user matched.
      if (known.filter((one) => isThem(given, one)).length > 0) return;
      this.#attempts.failed(address);
    }
    throw new LexemeError("SIGN_IN_NEEDED", "Sign in first");
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
  app.addHook("onRequest", async (request, reply) => {
    const path = routePath(request);
    if (!path.startsWith("/api/") || path === OPEN_PATH) return;
    // Pages get no WWW-Authenticate header, so that the sign-in page asks instead of the browser's dialog.
    const isProgram = request.headers["sec-fetch-mode"] === undefined;
    try {
      sessions.require({ headers: request.headers, address: request.ip });
    } catch (error) {
      if (isProgram) void reply.header("www-authenticate", 'Basic realm="Lexeme"');
      throw error;
    }
  });
}

export function setSessionCookie(reply: FastifyReply, token: string): void {
  void reply.setCookie(COOKIE, token, { path: "/", httpOnly: true, sameSite: "lax", maxAge: SESSION_MS / 1000 });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(COOKIE, { path: "/", httpOnly: true, sameSite: "lax" });
}

/** The session token in a cookie header. It is parsed here, because the WebSocket's upgrade does not go through Fastify. */
function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1];
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
