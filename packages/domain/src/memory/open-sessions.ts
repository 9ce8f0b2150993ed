/** @file The rule for which sessions stay open and which close to make room. The engine's pool follows it, and forecasts simulate it. */
import { BASE_BYTES, type SessionBytes } from "./network-memory.ts";

/** The part of the usable memory that idle sessions may hold. */
const KEPT_PART = 0.7;
/** A training with previews uses five sessions: text encoder, training graph, UNet, VAE decoder and encoder. */
const MAX_OPEN = 8;

/** The bytes that sessions may hold together before the least recently used session closes. */
export function keptBytes(usable: number): number {
  return usable * KEPT_PART;
}

/** The open sessions of a process: the least recently used close for a new session while there is too little room. */
export class OpenSessions {
  readonly #budget: number;
  /** Least recently used first. */
  readonly #open = new Map<string, SessionBytes>();
  #peakBytes = BASE_BYTES;

  /** `usable` is the number of bytes that the process may hold in total. */
  constructor(usable: number) {
    this.#budget = keptBytes(usable) - BASE_BYTES;
  }

  /** Keys of the open sessions, least recently used first. */
  get keys(): string[] {
    return [...this.#open.keys()];
  }

  /** The most bytes that the process has held at one time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Marks a session as just used. False if it is not open. */
  use(key: string): boolean {
    const memory = this.#open.get(key);
    if (memory === undefined) return false;
    this.#open.delete(key);
    this.#open.set(key, memory);
    return true;
  }

  /** Yields the key of each session that must close to make room for `bytes` more; a session named in `keep` never closes. */
  *makeRoom(bytes: number, keep: readonly string[] = []): Generator<string> {
    for (const key of this.keys) {
      if (this.#heldBytes() + bytes <= this.#budget && this.#open.size < MAX_OPEN) break;
      if (keep.includes(key)) continue;
      this.#open.delete(key);
      yield key;
    }
    this.#peakBytes = Math.max(this.#peakBytes, BASE_BYTES + this.#heldBytes() + bytes);
  }

  /** Adds a session that was opened after `makeRoom`. */
  add(key: string, memory: SessionBytes): void {
    this.#open.set(key, memory);
  }

  remove(key: string): void {
    this.#open.delete(key);
  }

  #heldBytes(): number {
    return [...this.#open.values()].reduce((sum, { kept }) => sum + kept, 0);
  }
}
