/** @file The connection to one page: sends batches while the page reads them, sends the missed events to a page that was slow, and drops a page that has stopped reading. */
import type { NumberedEvent, ServerMessage } from "@lexeme/protocol";
import type { EventLog } from "./event-log.ts";

/** The parts of a socket that a client uses; a `ws` WebSocket has them. */
export interface ClientSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  terminate(): void;
}

/** If more bytes than this wait in the socket, no batch is added. One batch with a large preview is well below this limit. */
export const MAX_BUFFERED_BYTES = 1 << 20;
/** A page is dropped at once if more bytes wait for it. A single batch can be this large only for a page that missed thousands of events. */
const MAX_WAITING_BYTES = 16 << 20;
/** A page that has read nothing for this long is dropped; it reconnects when it wakes. */
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

  /** Checks whether a slow page has caught up or must be dropped. Called at intervals, because there may be no further batch that would check it. */
  check(): void {
    if (this.#blockedSince !== undefined) this.#deliver([]);
  }

  #deliver(batch: readonly NumberedEvent[]): void {
    if (this.#socket.bufferedAmount > MAX_WAITING_BYTES) return this.#drop();
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#blockedSince ??= performance.now();
      if (performance.now() - this.#blockedSince > MAX_SILENCE_MS) this.#drop();
      return;
    }
    const wasBlocked = this.#blockedSince !== undefined;
    this.#blockedSince = undefined;
    const events = wasBlocked ? this.#log.since(this.#sent) : batch;
    // The missed events are no longer kept, so the page must connect again and get a snapshot.
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
