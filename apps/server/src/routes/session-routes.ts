/** @file Signing in and out. */
import { serverError } from "../errors.ts";
import { clearSessionCookie, setSessionCookie, tokenOf } from "../plugins/sign-in.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function sessionRoutes({ sessions }: Services): HandlersOf<"signIn" | "signOut"> {
  return {
    async signIn({ body, raw }, reply) {
      if (!sessions.check(body.user, body.password)) {
        await raw.server.countSignInAttempt(raw);
        throw serverError("SIGN_IN_WRONG", "This user and password do not match", { details: { field: "password" } });
      }
      setSessionCookie(reply, sessions.begin());
      return {};
    },
    async signOut({ raw }, reply) {
      const token = tokenOf(raw.headers);
      if (token !== undefined) sessions.end(token);
      clearSessionCookie(reply);
      return {};
    },
  };
}
