/** @file Counts failed sign-ins by address, so that nobody can find a password by trying, on HTTP or on the WebSocket. */
import { LexemeError } from "@lexeme/core";
import { performance } from "node:perf_hooks";

/** The number of wrong passwords from one address in a minute after which even the right password must wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** The largest number of addresses in memory. More at once are an attack; the oldest are then forgotten. */
const MAX_ADDRESSES = 10_000;

export class SignInAttempts {
  /** Times of `performance.now()`, which do not change when the clock is set. */
  readonly #failures = new Map<string, number[]>();

  /** Throws LexemeError `SIGN_IN_TOO_OFTEN` when this address must wait. Must be called before a password is checked. */
  requireLeft(address: string): void {
    const recent = this.#recent(address);
    if (recent.length >= MAX_FAILURES) {
      throw new LexemeError("SIGN_IN_TOO_OFTEN");
    }
  }

  failed(address: string): void {
    const recent = [...this.#recent(address), performance.now()];
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }

  #recent(address: string): number[] {
    return (this.#failures.get(address) ?? []).filter((at) => performance.now() - at < WINDOW_MS);
  }
}
