/** @file The one WebSocket: reconnects with growing pauses, sends its last position, and hands on messages in order. It knows no store. */
import { EVENTS_PATH, PROTOCOL_VERSION, type Job, type ServerEventBody, type ServerMessage } from "@lexeme/protocol";

export type SocketState = "connecting" | "open" | "lost";

export interface EventsSocketOptions {
  /** The present jobs, except `unlisted` jobs that wait for a later turn. They replace all jobs that the page knew before. */
  onSnapshot: (jobs: Job[], unlisted: number) => void;
  onEvents: (events: ServerEventBody[]) => void;
  onState: (state: SocketState) => void;
  /** The server speaks another version of the protocol: this page must be reloaded. */
  onOutdated: () => void;
  /** Replaced in tests. */
  open?: (url: string) => WebSocket;
  /** Replaced in tests: a number from 0 to 1. */
  random?: () => number;
}

export interface EventsSocket {
  /** Tries at once instead of waiting for the next attempt. */
  retryNow: () => void;
  close: () => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Connects and stays connected until closed. */
export function openEventsSocket(options: EventsSocketOptions): EventsSocket {
  const open = options.open ?? ((url: string) => new WebSocket(url));
  const random = options.random ?? Math.random;
  let socket: WebSocket | null = null;
  let position: { epoch: string; seq: number } | null = null;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function connect(): void {
    clearTimeout(timer);
    const query = position === null ? "" : `?epoch=${encodeURIComponent(position.epoch)}&seq=${position.seq}`;
    const current = open(`${location.origin.replace(/^http/, "ws")}${EVENTS_PATH}${query}`);
    socket = current;
    current.addEventListener("message", (message) => {
      if (socket === current) receive(JSON.parse(String(message.data)) as ServerMessage);
    });
    current.addEventListener("close", () => {
      if (socket === current) lost();
    });
  }

  function lost(): void {
    socket = null;
    if (closed) return;
    options.onState("lost");
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
    attempts += 1;
    timer = setTimeout(connect, pause * (0.75 + random() / 2));
  }

  function receive(message: ServerMessage): void {
    if (message.type === "hello") {
      if (message.protocolVersion !== PROTOCOL_VERSION) {
        close();
        options.onOutdated();
        return;
      }
      attempts = 0;
      if (!message.resumed || position === null) {
        position = { epoch: message.epoch, seq: message.seq };
        options.onSnapshot(message.jobs, message.unlisted);
      }
      options.onState("open");
      return;
    }
    if (position === null) return;
    const fresh = message.events.filter(({ seq }) => position !== null && seq > position.seq);
    const first = fresh[0];
    if (first === undefined) return;
    if (first.seq !== position.seq + 1) {
      // Events are missing: only a snapshot can mend that.
      position = null;
      const gone = socket;
      socket = null;
      gone?.close();
      connect();
      return;
    }
    position = { epoch: position.epoch, seq: fresh.at(-1)?.seq ?? position.seq };
    options.onEvents(fresh.map(({ event }) => event));
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
    const current = socket;
    socket = null;
    current?.close();
  }

  options.onState("connecting");
  connect();
  return {
    close,
    retryNow: () => {
      if (closed || socket !== null) return;
      attempts = 0;
      connect();
    },
  };
}
