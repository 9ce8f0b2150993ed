/** @file Which sessions are open and which close to make room: one rule, which the engine's pool carries out and a forecast plays through. */
import { BASE_BYTES, type SessionBytes } from "./network-memory.ts";

/** Of what is usable, sessions that only wait for their next use may hold so much. */
const KEPT_PART = 0.7;
/** A training with previews uses five: text encoder, training graph, UNet, VAE decoder and encoder. */
const MAX_OPEN = 8;

/** What sessions may hold together before the one that was not used for longest closes. */
export function keptBytes(usable: number): number {
  return usable * KEPT_PART;
}

/** The book of a process' open sessions: the least recently used give way to a new one while there is too little room. */
export class OpenSessions {
  readonly #budget: number;
  /** Least recently used first. */
  readonly #open = new Map<string, SessionBytes>();
  #peakBytes = BASE_BYTES;

  /** `usable` is what the process may hold in all. */
  constructor(usable: number) {
    this.#budget = keptBytes(usable) - BASE_BYTES;
  }

  /** Keys of the open sessions, least recently used first. */
  get keys(): string[] {
    return [...this.#open.keys()];
  }

  /** The most that the process has held at one time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Says that a session is used now. False when it is not open. */
  use(key: string): boolean {
    const memory = this.#open.get(key);
    if (memory === undefined) return false;
    this.#open.delete(key);
    this.#open.set(key, memory);
    return true;
  }

  /** Gives the key of each session that closes before so many more bytes are taken; those named in `keep` never are. */
  *makeRoom(bytes: number, keep: readonly string[] = []): Generator<string> {
    for (const key of this.keys) {
      if (this.#heldBytes() + bytes <= this.#budget && this.#open.size < MAX_OPEN) break;
      if (keep.includes(key)) continue;
      this.#open.delete(key);
      yield key;
    }
    this.#peakBytes = Math.max(this.#peakBytes, BASE_BYTES + this.#heldBytes() + bytes);
  }

  /** Enters a session that was opened after `makeRoom`. */
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
