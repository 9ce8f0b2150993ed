/** @file Batches of events, merged events and kept events. */
import type { Job, NumberedEvent, ServerEventBody } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventClient, MAX_BUFFERED_BYTES, type ClientSocket } from "./event-client.ts";
import { EventLog } from "./event-log.ts";

let log: EventLog;
let batches: NumberedEvent[][];

beforeEach(() => {
  vi.useFakeTimers();
  log = new EventLog();
  batches = [];
  log.listen((events) => batches.push([...events]));
});
afterEach(() => {
  log.close();
  vi.useRealTimers();
});

test("a hundred steps a second become at most ten messages a second, with every point and the final state", async () => {
  for (let step = 1; step <= 300; step++) {
    log.publish(progress(step));
    log.publish({ type: "metrics", jobId: "a", points: [{ step, loss: 1, learnRate: 1 }] });
    await vi.advanceTimersByTimeAsync(10);
  }
  log.publish(jobEvent("done"));
  await vi.advanceTimersByTimeAsync(200);
  expect(batches.length).toBeLessThanOrEqual(31);
  const events = batches.flat().map(({ event }) => event);
  const steps = events.flatMap((event) => (event.type === "metrics" ? event.points.map(({ step }) => step) : []));
  expect(steps).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(events.findLast(({ type }) => type === "progress")).toEqual(progress(300));
  expect(events.at(-1)).toEqual(jobEvent("done"));
});

test("numbers rise by one, and the first event of a quiet time does not wait", async () => {
  log.publish({ type: "system" });
  await vi.advanceTimersByTimeAsync(1);
  expect(batches.flat()).toEqual([{ seq: 1, event: { type: "system" } }]);
  log.publish(jobEvent("queued"));
  log.publish(jobEvent("running"));
  log.publish(jobEvent("done"));
  await vi.advanceTimersByTimeAsync(200);
  expect(batches.flat().map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test("a page that comes back gets exactly the events that it missed, without a gap in the numbers", async () => {
  for (let step = 1; step <= 5; step++) {
    log.publish({ type: "preview", jobId: "a", dataUrl: `data:${step}`, step, steps: 5 });
    log.publish(progress(step));
    await vi.advanceTimersByTimeAsync(150);
  }
  const missed = log.since(4);
  expect(missed?.map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9, 10]);
  // Only the newest preview is kept.
  expect(missed?.filter(({ event }) => event.type === "preview")).toHaveLength(1);
  expect(log.since(10)).toEqual([]);
  expect(log.since(11)).toBeUndefined();
});

test.each(["done", "queued"] as const)(
  "a job that is %s has no preview any more, for new pages and for pages that come back",
  async (state) => {
    log.publish(preview("a", 1));
    log.publish(preview("b", 1));
    await vi.advanceTimersByTimeAsync(150);
    // The last preview of the job and its end are in one batch.
    log.publish(preview("a", 2));
    log.publish(jobEvent(state));
    await vi.advanceTimersByTimeAsync(150);
    const previewsIn = (events: NumberedEvent[] = []) =>
      events.flatMap(({ event }) => (event.type === "preview" ? [event.jobId] : []));
    expect(previewsIn(log.since(0))).toEqual(["b"]);
    expect(log.since(0)?.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    batches = [];
    log.repeatPreviews();
    await vi.advanceTimersByTimeAsync(150);
    expect(previewsIn(batches.flat())).toEqual(["b"]);
  },
);

test("a page that was away too long gets no events and needs a snapshot", async () => {
  for (let i = 0; i < 10_005; i++) log.publish(jobEvent("queued"));
  await vi.advanceTimersByTimeAsync(200);
  expect(log.since(4)).toBeUndefined();
  expect(log.since(5)).toHaveLength(10_000);
});

test("a client that does not read gets no more batches, catches up when it reads, and is dropped when it never reads", async () => {
  const socket = new FakeSocket();
  const client = new EventClient(socket, log, 0);
  await advance(1);
  expect(socket.seqs()).toEqual([1]);
  socket.bufferedAmount = MAX_BUFFERED_BYTES + 1;
  for (let i = 2; i <= 50; i++) await advance(i);
  expect(socket.sent).toHaveLength(1);
  socket.bufferedAmount = 0;
  await advance(51);
  expect(socket.seqs()).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
  socket.bufferedAmount = MAX_BUFFERED_BYTES + 1;
  await advance(52);
  await vi.advanceTimersByTimeAsync(16_000);
  client.check();
  expect(socket.terminated).toBe(true);
  await advance(53);
  expect(socket.seqs()).toHaveLength(51);
});

test("setting the clock back an hour delays no event", async () => {
  log.publish(jobEvent("queued"));
  await vi.advanceTimersByTimeAsync(1);
  vi.setSystemTime(Date.now() - 3600_000);
  log.publish(jobEvent("running"));
  await vi.advanceTimersByTimeAsync(200);
  expect(batches.flat()).toHaveLength(2);
});

test("a client for which too many bytes wait is dropped at once", async () => {
  const socket = new FakeSocket();
  const client = new EventClient(socket, log, 0);
  socket.bufferedAmount = 17 << 20;
  await advance(1);
  expect(socket.terminated).toBe(true);
  client.close();
});

class FakeSocket implements ClientSocket {
  bufferedAmount = 0;
  terminated = false;
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  terminate(): void {
    this.terminated = true;
  }
  seqs(): number[] {
    return this.sent.flatMap((text) => (JSON.parse(text) as { events: NumberedEvent[] }).events.map(({ seq }) => seq));
  }
}

async function advance(number: number): Promise<void> {
  log.publish(progress(number));
  await vi.advanceTimersByTimeAsync(200);
}

function progress(step: number): ServerEventBody {
  return {
    type: "progress",
    jobId: "a",
    progress: { phase: "training", step, steps: 300, secondsPerStep: null, etaSeconds: null },
  };
}

function preview(jobId: string, step: number): ServerEventBody {
  return { type: "preview", jobId, dataUrl: `data:${step}`, step, steps: 5 };
}

function jobEvent(state: Job["state"]): ServerEventBody {
  return { type: "job", job: testJob({ kind: "txt2img", settings: {} }, { id: "a", state }) };
}
