/** @file Keeps sessions open between jobs by the rule of `OpenSessions`. */
import type { Graph } from "@lexeme/onnx";
import { OpenSessions, usableBytes, type SessionBytes, type SessionEvent } from "@lexeme/domain/memory";
import type { Session, SessionOptions } from "@lexeme/runtime";
import { totalmem } from "node:os";

/** The key of a session, its memory, and a function that builds its graph. */
export interface SessionRequest {
  /** Everything that the graph depends on, such as `/models/a.safetensors|unet|2x64x64|77`. */
  readonly key: string;
  /** The predicted memory: while the session opens and runs, and until it is closed. */
  readonly memory: SessionBytes;
  readonly purpose: SessionOptions["purpose"];
  /** The place of the weights; if left out, the purpose decides. */
  readonly weights?: "packed" | "mapped";
  build(): Graph;
}

/** The device's options; the pool adds the purpose. */
export type DeviceOptions = Pick<SessionOptions, "device" | "threads">;

export class SessionPool {
  /** The total number of bytes that the process may hold; plans are made for it. */
  readonly usableBytes: number;
  readonly #device: DeviceOptions;
  readonly #book: OpenSessions;
  readonly #sessions = new Map<string, Session>();
  readonly #onEvent: (event: SessionEvent) => void;

  /** `onEvent` is called for each session that opens or closes, in order. */
  constructor(
    device: DeviceOptions,
    usable = usableBytes(totalmem()),
    onEvent: (event: SessionEvent) => void = () => undefined,
  ) {
    this.#device = device;
    this.usableBytes = usable;
    this.#book = new OpenSessions(usable);
    this.#onEvent = onEvent;
  }

  /** Keys of the open sessions, least recently used first. */
  get openKeys(): string[] {
    return this.#book.keys;
  }

  /**
   * The session of a request, which is opened if it is not open. The pool still owns it: use it at once, and ask again for the next run.
   * If memory is too small, other sessions are closed first, but never those named in `keep`.
   */
  async get(request: SessionRequest, keep: readonly string[] = []): Promise<Session> {
    const { key, memory } = request;
    const known = this.#sessions.get(key);
    if (known) {
      this.#book.use(key);
      return known;
    }
    await this.#makeRoom(memory.peak, keep);
    const session = await this.#openSession(request.build(), request);
    this.#book.add(key, memory);
    this.#sessions.set(key, session);
    this.#onEvent({ opens: key });
    return session;
  }

  /** Makes room for `bytes`, and runs work that opens and closes its own sessions one after the other. */
  async withRoom<T>(bytes: number, work: (open: (graph: Graph) => Promise<Session>) => Promise<T>): Promise<T> {
    await this.#makeRoom(bytes, []);
    return work((graph) => this.#openSession(graph, { purpose: "inference" }));
  }

  async dispose(): Promise<void> {
    for (const key of this.#book.keys) {
      this.#book.remove(key);
      await this.#close(key);
    }
  }

  async #openSession(graph: Graph, options: Pick<SessionRequest, "purpose" | "weights">): Promise<Session> {
    const { purpose, weights } = options;
    // Loaded only here, so that a worker that only prepares pictures never loads ONNX Runtime.
    const { openSession } = await import("@lexeme/runtime");
    return openSession(graph, { ...this.#device, purpose, ...(weights && { weights }) });
  }

  async #makeRoom(bytes: number, keep: readonly string[]): Promise<void> {
    for (const key of this.#book.makeRoom(bytes, keep)) await this.#close(key);
  }

  async #close(key: string): Promise<void> {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    this.#onEvent({ closes: key });
    await session?.dispose();
  }
}
