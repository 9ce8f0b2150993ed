/** @file Counts wrong passwords by address, so that none can be found by trying: on HTTP and on the WebSocket alike. */

/** Wrong passwords from one address within a minute, after which even the right one has to wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** More addresses than these at once are an attack; forgetting the oldest bounds the memory. */
const MAX_ADDRESSES = 10_000;

export class SignInAttempts {
  readonly #failures = new Map<string, number[]>();

  /** Throws LexemeError `SIGN_IN_TOO_OFTEN` when this address has to wait. Asked before a password is looked at. */
  requireLeft(address: string): void {
    const recent = this.#recent(address);
    if (recent.length >= MAX_FAILURES) {
      throw new LexemeError("SIGN_IN_TOO_OFTEN", "Too many attempts to sign in: wait a minute and try again");
    }
  }

  failed(address: string): void {
    const recent = [...this.#recent(address), Date.now()];
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }

  #recent(address: string): number[] {
    return (this.#failures.get(address) ?? []).filter((at) => Date.now() - at < WINDOW_MS);
  }
}
import { LexemeError } from "@lexeme/core";
