/** @file Signing in and out. */
import { clearSessionCookie, setSessionCookie, visitorOf } from "../plugins/sign-in.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function sessionRoutes({ sessions }: Services): HandlersOf<"signIn" | "signOut"> {
  return {
    async signIn({ body, raw }, reply) {
      setSessionCookie(reply, sessions.signIn(body, visitorOf(raw)));
      return {};
    },
    async signOut({ raw }, reply) {
      sessions.signOut(raw.headers);
      clearSessionCookie(reply);
      return {};
    },
  };
}
