/** @file The WebSocket at `/api/events`: checks who connects, sends a snapshot or the missed events, and keeps the connection alive. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { LexemeError, statusOf } from "@lexeme/core";
import { EVENTS_PATH, EventsQuerySchema, PROTOCOL_VERSION, type ServerMessage } from "@lexeme/protocol";
import { WebSocketServer, type WebSocket } from "ws";

import type { Snapshot } from "../jobs/job-service.ts";
import { EventClient } from "./event-client.ts";
import type { EventLog } from "./event-log.ts";

const PING_MS = 20_000;
const CHECK_MS = 1_000;
/** Far more pages than the users of one server open. A megabyte can wait for each page. */
export const MAX_SOCKETS = 100;
/** Clients send only answers to pings. */
const MAX_CLIENT_MESSAGE_BYTES = 1024;

export interface EventSocketOptions {
  log: EventLog;
  /** Throws a LexemeError for a request that may not connect. */
  authorize(request: IncomingMessage): void;
  /** As in `JobService`. */
  snapshot: () => Promise<() => Snapshot>;
}

/** Attaches to `server`; the returned function closes every connection. */
export function openEventSocket(server: Server, options: EventSocketOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE_BYTES, clientTracking: true });
  const clients = new Map<WebSocket, EventClient>();
  const alive = new WeakSet<WebSocket>();

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const url = urlOf(request);
    try {
      if (url?.pathname !== EVENTS_PATH) return refuse(stream, 404);
      options.authorize(request);
      // Closed sockets count until they are gone, which is precise enough for a limit.
      if (sockets.clients.size >= MAX_SOCKETS) return refuse(stream, 503);
    } catch (error) {
      return refuse(stream, error instanceof LexemeError ? statusOf(error.code) : 500);
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      alive.add(socket);
      socket.on("pong", () => alive.add(socket));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clients.get(socket)?.close();
        clients.delete(socket);
      });
      greet(socket, url, options)
        .then((client) => {
          if (socket.readyState === socket.OPEN) clients.set(socket, client);
          else client.close();
        })
        .catch(() => socket.close(1011));
    });
  });

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.has(socket)) {
        socket.terminate();
        continue;
      }
      alive.delete(socket);
      socket.ping();
    }
  }, PING_MS);
  const checking = setInterval(() => {
    for (const client of clients.values()) client.check();
  }, CHECK_MS);
  pinging.unref();
  checking.unref();

  return () => {
    clearInterval(pinging);
    clearInterval(checking);
    for (const client of clients.values()) client.close();
    for (const socket of sockets.clients) {
      socket.close(1001, "the server is stopping");
      setTimeout(() => socket.terminate(), 500).unref();
    }
    sockets.close();
  };
}

async function greet(socket: WebSocket, url: URL, { log, snapshot }: EventSocketOptions): Promise<EventClient> {
  const taken = await snapshot();
  // There is no `await` from here to the new client, so that no event is lost in between.
  log.flush();
  const query = EventsQuerySchema.safeParse(Object.fromEntries(url.searchParams));
  const { epoch, seq } = query.success ? query.data : {};
  const missed = epoch === log.epoch && seq !== undefined ? log.since(seq) : undefined;
  const resumed = missed !== undefined;
  const { epoch: ownEpoch } = log;
  const at = resumed && seq !== undefined ? seq : log.seq;
  const present = resumed ? { jobs: [], unlisted: 0 } : taken();
  send(socket, {
    type: "hello",
    protocolVersion: PROTOCOL_VERSION,
    epoch: ownEpoch,
    seq: at,
    resumed,
    ...present,
  });
  if (missed !== undefined && missed.length > 0) send(socket, { type: "events", events: missed });
  const client = new EventClient(socket, log, log.seq);
  if (!resumed) log.repeatPreviews();
  return client;
}

function send(socket: WebSocket, message: ServerMessage): void {
  socket.send(JSON.stringify(message));
}

/** Undefined for an invalid address such as `//`: an error here would end the server. */
function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  return URL.canParse(url, "http://localhost") ? new URL(url, "http://localhost") : undefined;
}

/** Answers a refused upgrade with a plain HTTP status, so that the browser's console shows this status. */
function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
