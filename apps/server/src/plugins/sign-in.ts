/** @file Who is signed in: a cookie with a random token for pages, Basic for programs. Without `--auth` everyone is. */
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

/** What only signed-in people reach is everything under /api, but for the way in. */
const OPEN_PATH = "/api/session";

/** What of a request says who sends it. */
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

  /** Name of the signed-in user; null where no password is asked for. Throws LexemeError `SIGN_IN_NEEDED` or `SIGN_IN_TOO_OFTEN`. */
  require({ headers, address }: Visitor): string | null {
    if (this.#auth === null) return null;
    const token = tokenOf(headers);
    if (token !== undefined && this.#isCurrent(token)) return this.#auth.user;
    this.#requireBasic({ headers, address }, [this.#auth]);
    return this.#auth.user;
  }

  /**
   * Lets in who may use A1111's API: those of `--api-auth`, and whoever is signed in, who can do all of it through the page anyway.
   * Open only where neither asks for a password. Throws LexemeError `SIGN_IN_NEEDED` or `SIGN_IN_TOO_OFTEN`.
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
      // Every one is compared, so that the time taken does not tell which.
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
    // No WWW-Authenticate for pages: the sign-in page asks, not the browser's own box.
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

/** The session token of a request's cookie header. Read by hand, for the WebSocket's upgrade never passes through Fastify. */
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

/** Compares digests, so that neither content nor length shows in the time taken. */
function isThem(given: Credentials, known: Credentials): boolean {
  const userFits = sameText(given.user, known.user);
  const passwordFits = sameText(given.password, known.password);
  return userFits && passwordFits;
}

function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
