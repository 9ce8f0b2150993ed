// @vitest-environment happy-dom
/** @file The socket's promises: order, resuming, snapshots after a gap, pauses that grow, and no connection for an outdated page. */
import { PROTOCOL_VERSION, type Job, type ServerEventBody, type ServerMessage } from "@lexeme/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openEventsSocket, type EventsSocket, type SocketState } from "./socket.ts";

/** A WebSocket whose other end is the test. */
class Wire extends EventTarget {
  readonly url: string;
  closed = false;
  constructor(url: string) {
    super();
    this.url = url;
  }
  say(message: ServerMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatchEvent(new Event("close"));
  }
}

const wires: Wire[] = [];
let seen: { snapshots: Job[][]; events: ServerEventBody[]; states: SocketState[]; outdated: number };
let socket: EventsSocket;

const hello = (seq: number, resumed: boolean, epoch = "one"): ServerMessage => ({
  type: "hello",
  unlisted: 0,
  protocolVersion: PROTOCOL_VERSION,
  epoch,
  seq,
  resumed,
  jobs: [],
});
const removed = (seq: number): { seq: number; event: ServerEventBody } => ({
  seq,
  event: { type: "job-removed", jobId: `job ${seq}` },
});
const last = (): Wire => {
  const wire = wires.at(-1);
  if (wire === undefined) throw new Error("nothing connected");
  return wire;
};

beforeEach(() => {
  vi.useFakeTimers();
  wires.length = 0;
  seen = { snapshots: [], events: [], states: [], outdated: 0 };
  socket = openEventsSocket({
    onSnapshot: (jobs) => seen.snapshots.push(jobs),
    onEvents: (events) => seen.events.push(...events),
    onState: (state) => seen.states.push(state),
    onOutdated: () => (seen.outdated += 1),
    random: () => 0.5,
    open: (url) => {
      const wire = new Wire(url);
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
  });
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

test("the first hello is a snapshot, and events follow in order", () => {
  expect(last().url).toMatch(/^ws.*\/api\/events$/);
  last().say(hello(7, false));
  last().say({ type: "events", events: [removed(8), removed(9)] });
  expect(seen.snapshots).toHaveLength(1);
  expect(seen.events.map((event) => event.type === "job-removed" && event.jobId)).toEqual(["job 8", "job 9"]);
  expect(seen.states).toEqual(["connecting", "open"]);
});

test("after a loss the socket sends its last position, and a resumed connection brings no snapshot", () => {
  last().say(hello(7, false));
  last().say({ type: "events", events: [removed(8)] });
  last().close();
  vi.advanceTimersByTime(500);
  expect(last().url).toContain("?epoch=one&seq=8");
  last().say(hello(10, true));
  last().say({ type: "events", events: [removed(9), removed(10)] });
  expect(seen.snapshots).toHaveLength(1);
  expect(seen.events).toHaveLength(3);
});

test("an event that arrives twice is taken in once", () => {
  last().say(hello(7, false));
  last().say({ type: "events", events: [removed(8)] });
  last().say({ type: "events", events: [removed(8), removed(9)] });
  expect(seen.events).toHaveLength(2);
});

test("a gap is answered by a new connection without a position, which brings a snapshot", () => {
  last().say(hello(7, false));
  last().say({ type: "events", events: [removed(12)] });
  expect(wires).toHaveLength(2);
  expect(last().url).not.toContain("seq");
  expect(seen.events).toHaveLength(0);
  last().say(hello(12, false));
  expect(seen.snapshots).toHaveLength(2);
});

test("another run of the server brings a snapshot, whatever its first number is", () => {
  last().say(hello(700, false));
  last().close();
  vi.advanceTimersByTime(500);
  last().say(hello(3, false, "two"));
  last().say({ type: "events", events: [removed(4)] });
  expect(seen.snapshots).toHaveLength(2);
  expect(seen.events).toHaveLength(1);
});

test("pauses double up to 10 s, start over after a hello, and can be cut short", () => {
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    const count = wires.length;
    last().close();
    let waited = 0;
    while (wires.length === count) {
      vi.advanceTimersByTime(100);
      waited += 100;
    }
    pauses.push(waited);
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  last().say(hello(1, false));
  last().close();
  const count = wires.length;
  vi.advanceTimersByTime(500);
  expect(wires).toHaveLength(count + 1);
  last().close();
  socket.retryNow();
  expect(wires).toHaveLength(count + 2);
});

test("a server of another protocol version ends the connection for good", () => {
  last().say({ ...hello(1, false), protocolVersion: PROTOCOL_VERSION + 1 } as ServerMessage);
  expect(seen.outdated).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(wires).toHaveLength(1);
  expect(seen.snapshots).toHaveLength(0);
});
