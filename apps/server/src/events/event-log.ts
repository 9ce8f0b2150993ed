/** @file Numbers events, merges events that replace each other within one batch, and keeps the last events for pages that come back. */
import { randomUUID } from "node:crypto";
import { MAX_MESSAGES_PER_SECOND, type NumberedEvent, type ServerEventBody } from "@lexeme/protocol";

/** A little more than the tenth of a second that the limit allows, so that no second ever has more messages than the limit. */
const BATCH_MS = Math.ceil(1050 / MAX_MESSAGES_PER_SECOND);

/** A training at 100 steps a second makes about three events a batch, so this is several minutes of absence. */
const KEPT_EVENTS = 10_000;

export class EventLog {
  /** The id of this run of the server. Event numbers of another epoch mean nothing here. */
  readonly epoch = randomUUID();
  readonly #kept = new Map<number, ServerEventBody>();
  /** The number of each job's newest preview event. Older previews are not kept, to save memory. */
  readonly #previews = new Map<string, number>();
  readonly #listeners = new Set<(events: readonly NumberedEvent[]) => void>();
  #pending = new PendingEvents();
  #seq = 0;
  /** The highest event number that was dropped to make room. */
  #dropped = 0;
  /** A time of `performance.now()`: setting the clock back an hour must not delay events by an hour. */
  #flushedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** Number of the last event of a batch that was sent. */
  get seq(): number {
    return this.#seq;
  }

  publish(event: ServerEventBody): void {
    if (event.type === "job" && event.job.state !== "running") this.#forgetPreview(event.job.id);
    if (event.type === "job-removed") this.#forgetPreview(event.jobId);
    this.#pending.add(event);
    this.#timer ??= setTimeout(() => this.flush(), Math.max(0, this.#flushedAt + BATCH_MS - performance.now()));
  }

  /** Numbers the pending events and gives them to every listener. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#pending.take().map((event): NumberedEvent => ({ seq: ++this.#seq, event }));
    if (events.length === 0) return;
    this.#flushedAt = performance.now();
    for (const event of events) this.#keep(event);
    for (const listener of this.#listeners) listener(events);
  }

  /** Calls `listener` with each batch until the returned function is called. */
  listen(listener: (events: readonly NumberedEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Every event after `seq`, without a gap in the numbers; undefined if some of them are no longer kept, or if no event has the number `seq` yet. */
  since(seq: number): NumberedEvent[] | undefined {
    if (seq > this.#seq || seq < this.#dropped) return undefined;
    const events: NumberedEvent[] = [];
    for (let number = seq + 1; number <= this.#seq; number++) {
      const event = this.#kept.get(number);
      if (event !== undefined) events.push({ seq: number, event });
    }
    return events;
  }

  /** Publishes each job's newest preview again, for a page that has just opened. The page knows the progress from the snapshot. */
  repeatPreviews(): void {
    for (const seq of this.#previews.values()) {
      const event = this.#kept.get(seq);
      if (event?.type === "preview") this.publish(event);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Drops a job's preview, sent or not: a job that does not run shows its results, and an unfinished picture would contradict them. */
  #forgetPreview(jobId: string): void {
    this.#pending.dropPreview(jobId);
    this.#emptyPreview(jobId);
    this.#previews.delete(jobId);
  }

  /** Replaces a job's kept preview with a log event without lines. The event number stays, so that the numbers have no gap. */
  #emptyPreview(jobId: string): void {
    const seq = this.#previews.get(jobId);
    if (seq !== undefined) this.#kept.set(seq, { type: "log", jobId, lines: [] });
  }

  #keep({ seq, event }: NumberedEvent): void {
    if (event.type === "preview") {
      this.#emptyPreview(event.jobId);
      this.#previews.set(event.jobId, seq);
    }
    this.#kept.set(seq, event);
    if (this.#kept.size <= KEPT_EVENTS) return;
    const [oldest] = this.#kept.keys();
    if (oldest === undefined) return;
    this.#kept.delete(oldest);
    this.#dropped = oldest;
    for (const [jobId, kept] of this.#previews) if (kept === oldest) this.#previews.delete(jobId);
  }
}

/** Events that wait for the next batch. A newer progress, preview, library or system event replaces the older event; metrics and log lines are appended; other events are kept. */
class PendingEvents {
  readonly #events = new Map<string, ServerEventBody>();
  #unmerged = 0;

  add(event: ServerEventBody): void {
    const key = this.#keyOf(event);
    const before = this.#events.get(key);
    if (event.type === "metrics" && before?.type === "metrics") {
      this.#events.set(key, { ...event, points: [...before.points, ...event.points] });
      return;
    }
    if (event.type === "log" && before?.type === "log") {
      this.#events.set(key, { ...event, lines: [...before.lines, ...event.lines] });
      return;
    }
    // The newer event goes to the end, so that the events stay in the order in which they were published.
    this.#events.delete(key);
    this.#events.set(key, event);
  }

  dropPreview(jobId: string): void {
    this.#events.delete(`preview:${jobId}`);
  }

  take(): ServerEventBody[] {
    const events = [...this.#events.values()];
    this.#events.clear();
    return events;
  }

  #keyOf(event: ServerEventBody): string {
    switch (event.type) {
      case "progress":
      case "preview":
      case "metrics":
      case "log":
        return `${event.type}:${event.jobId}`;
      case "library":
        return `library:${event.changed}`;
      case "system":
        return "system";
      case "job":
      case "job-removed":
      case "artifact":
        return `${this.#unmerged++}`;
    }
  }
}
