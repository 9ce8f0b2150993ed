/** @file One page's connection: sends batches while the page reads them, catches up when it was slow, and drops it when it has stopped. */
import type { NumberedEvent, ServerMessage } from "@lexeme/protocol";
import type { EventLog } from "./event-log.ts";

/** What is sent to; a `ws` WebSocket is one. */
export interface ClientSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  terminate(): void;
}

/** More than this waiting in the socket and nothing is added: one batch with a large preview is well below. */
export const MAX_BUFFERED_BYTES = 1 << 20;
/** A page that has read nothing for this long is gone; it reconnects when it wakes. */
const MAX_SILENCE_MS = 15_000;

export class EventClient {
  readonly #socket: ClientSocket;
  readonly #log: EventLog;
  readonly #unlisten: () => void;
  /** Number of the last event handed to the socket. */
  #sent: number;
  #blockedSince: number | undefined;

  /** `sent` is the number of the last event that the page already has. */
  constructor(socket: ClientSocket, log: EventLog, sent: number) {
    this.#socket = socket;
    this.#log = log;
    this.#sent = sent;
    this.#unlisten = log.listen((events) => this.#deliver(events));
  }

  close(): void {
    this.#unlisten();
  }

  /** Looks again whether a slow page has caught up or is to be dropped; called now and then, for no batch may come to say so. */
  check(): void {
    if (this.#blockedSince !== undefined) this.#deliver([]);
  }

  #deliver(batch: readonly NumberedEvent[]): void {
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#blockedSince ??= Date.now();
      if (Date.now() - this.#blockedSince > MAX_SILENCE_MS) this.#drop();
      return;
    }
    const wasBlocked = this.#blockedSince !== undefined;
    this.#blockedSince = undefined;
    const events = wasBlocked ? this.#log.since(this.#sent) : batch;
    // What it missed is no longer kept: only a fresh start can help.
    if (events === undefined) return this.#drop();
    const last = events.at(-1);
    if (last === undefined) return;
    this.#sent = last.seq;
    this.#socket.send(JSON.stringify({ type: "events", events: [...events] } satisfies ServerMessage));
  }

  #drop(): void {
    this.close();
    this.#socket.terminate();
  }
}
