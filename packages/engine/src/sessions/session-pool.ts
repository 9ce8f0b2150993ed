/** @file Open sessions, the least recently used of which give way when a new one needs their memory. */
import type { Graph } from "@lexeme/onnx";
import { BASE_BYTES, keptBytes, usableBytes, type SessionBytes } from "@lexeme/domain/memory";
import type { Session, SessionOptions } from "@lexeme/runtime";
import { totalmem } from "node:os";

/** What identifies a session, what it weighs, and how to make its graph. */
export interface SessionRequest {
  /** Everything that the graph depends on, such as `/models/a.safetensors|unet|2x64x64|77`. */
  readonly key: string;
  /** What it needs, as predicted: while it opens and runs, and until it is closed. */
  readonly memory: SessionBytes;
  readonly purpose: SessionOptions["purpose"];
  /** Where weights lie; by the purpose when left out. */
  readonly weights?: "packed" | "mapped";
  build(): Graph;
}

/** How the device is asked for; the pool adds the purpose. */
export type DeviceOptions = Pick<SessionOptions, "device" | "threads">;

/** A training with previews uses five: text encoder, training graph, UNet, VAE decoder and encoder. */
const MAX_OPEN = 8;

export class SessionPool {
  /** What the process may hold in all; plans are made for it. */
  readonly usableBytes: number;
  readonly #device: DeviceOptions;
  /** Oldest use first. */
  readonly #open = new Map<string, { session: Session; memory: SessionBytes }>();

  constructor(device: DeviceOptions, usable = usableBytes(totalmem())) {
    this.#device = device;
    this.usableBytes = usable;
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
    await this.#makeRoom(request.memory.peak, keep);
    const session = await this.#openSession(request.build(), request);
    this.#open.set(request.key, { session, memory: request.memory });
    return session;
  }

  /** Does work for which sessions are opened and closed one after the other, that takes so many bytes in all. */
  async withRoom<T>(bytes: number, work: (open: (graph: Graph) => Promise<Session>) => Promise<T>): Promise<T> {
    await this.#makeRoom(bytes, []);
    return work((graph) => this.#openSession(graph, { purpose: "inference" }));
  }

  async dispose(): Promise<void> {
    for (const { session } of this.#open.values()) await session.dispose();
    this.#open.clear();
  }

  async #openSession(graph: Graph, options: Pick<SessionRequest, "purpose" | "weights">): Promise<Session> {
    const { purpose, weights } = options;
    // Loaded here and nowhere else, so that a worker that only prepares pictures never loads ONNX Runtime.
    const { openSession } = await import("@lexeme/runtime");
    return openSession(graph, { ...this.#device, purpose, ...(weights && { weights }) });
  }

  async #makeRoom(neededBytes: number, keep: readonly string[]): Promise<void> {
    const budget = keptBytes(this.usableBytes) - BASE_BYTES;
    let held = [...this.#open.values()].reduce((sum, { memory }) => sum + memory.kept, 0);
    for (const [key, { session, memory }] of this.#open) {
      if (held + neededBytes <= budget && this.#open.size < MAX_OPEN) return;
      if (keep.includes(key)) continue;
      this.#open.delete(key);
      held -= memory.kept;
      await session.dispose();
    }
  }
}
