/** @file Open sessions, the least recently used of which give way when a new one needs their memory. */
import type { Graph } from "@lexeme/onnx";
import type { Session, SessionOptions } from "@lexeme/runtime";
import { totalmem } from "node:os";

/** What identifies a session, what it weighs, and how to make its graph. */
export interface SessionRequest {
  /** Everything that the graph depends on, such as `/models/a.safetensors|unet|2x64x64|77`. */
  readonly key: string;
  /** About what the session holds once it has run: weights as float32, and the arena at its largest, which it never gives back. */
  readonly memoryBytes: number;
  readonly purpose: SessionOptions["purpose"];
  build(): Graph;
}

/** How the device is asked for; the pool adds the purpose. */
export type DeviceOptions = Pick<SessionOptions, "device" | "threads">;

/** At most this part of the machine's memory is spent on sessions that are only kept for later. */
const MEMORY_PART = 0.25;
/** A training with previews uses five: text encoder, training graph, UNet, VAE decoder and encoder. */
const MAX_OPEN = 8;

export class SessionPool {
  readonly #device: DeviceOptions;
  readonly #budgetBytes: number;
  /** Oldest use first. */
  readonly #open = new Map<string, { session: Session; memoryBytes: number }>();

  constructor(device: DeviceOptions, budgetBytes = totalmem() * MEMORY_PART) {
    this.#device = device;
    this.#budgetBytes = budgetBytes;
  }

  /** Keys of the open sessions, least recently used first. */
  get openKeys(): string[] {
    return [...this.#open.keys()];
  }

  /**
   * The session of a request, opened if need be. It stays the pool's: use it at once and ask again for the next run.
   * Others are closed before this one is opened when memory would grow too large; those named in `keep` never are.
   */
  async get(request: SessionRequest, keep: readonly string[] = []): Promise<Session> {
    const known = this.#open.get(request.key);
    if (known) {
      this.#open.delete(request.key);
      this.#open.set(request.key, known);
      return known.session;
    }
    await this.#makeRoom(request.memoryBytes, keep);
    // Loaded here and nowhere else, so that a worker that only prepares pictures never loads ONNX Runtime.
    const { openSession } = await import("@lexeme/runtime");
    const session = await openSession(request.build(), { ...this.#device, purpose: request.purpose });
    this.#open.set(request.key, { session, memoryBytes: request.memoryBytes });
    return session;
  }

  async dispose(): Promise<void> {
    for (const { session } of this.#open.values()) await session.dispose();
    this.#open.clear();
  }

  async #makeRoom(neededBytes: number, keep: readonly string[]): Promise<void> {
    let held = [...this.#open.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    for (const [key, { session, memoryBytes }] of this.#open) {
      if (held + neededBytes <= this.#budgetBytes && this.#open.size < MAX_OPEN) return;
      if (keep.includes(key)) continue;
      this.#open.delete(key);
      held -= memoryBytes;
      await session.dispose();
    }
  }
}
