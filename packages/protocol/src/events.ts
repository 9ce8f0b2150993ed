/** @file The whole WebSocket protocol: one union for each direction. From `protocolVersion` a stale tab knows that it must reload. */
import { z } from "zod";
import { ArtifactSchema, JobProgressSchema, MetricPointSchema } from "@lexeme/domain/jobs";
import { LIBRARY_NAMES } from "@lexeme/domain/libraries";
import { JobSchema } from "./job.ts";

/** Raised with every change that an older page would misread. */
export const PROTOCOL_VERSION = 5;

/** At most this many messages a second reach one page; progress is coalesced, final states never are. */
export const MAX_MESSAGES_PER_SECOND = 10;

const ServerEventBodySchema = z.discriminatedUnion("type", [
  /** A job was added, or a part of it other than its progress changed. */
  z.object({ type: z.literal("job"), job: JobSchema }),
  z.object({ type: z.literal("job-removed"), jobId: z.string() }),
  z.object({ type: z.literal("progress"), jobId: z.string(), progress: JobProgressSchema }),
  z.object({ type: z.literal("metrics"), jobId: z.string(), points: z.array(MetricPointSchema) }),
  z.object({ type: z.literal("artifact"), jobId: z.string(), artifact: ArtifactSchema }),
  z.object({ type: z.literal("preview"), jobId: z.string(), dataUrl: z.string(), step: z.number(), steps: z.number() }),
  z.object({ type: z.literal("log"), jobId: z.string(), lines: z.array(z.string()) }),
  /** A folder changed: fetch that list again. */
  z.object({ type: z.literal("library"), changed: z.enum(LIBRARY_NAMES) }),
  /** Device, worker or chosen checkpoint changed: fetch `/api/system` again. */
  z.object({ type: z.literal("system") }),
]);
export type ServerEventBody = z.infer<typeof ServerEventBodySchema>;

/** An event and its number; numbers rise by one within an `epoch` (one run of the server). */
export const NumberedEventSchema = z.object({ seq: z.number().int(), event: ServerEventBodySchema });
export type NumberedEvent = z.infer<typeof NumberedEventSchema>;

export const ServerMessageSchema = z.discriminatedUnion("type", [
  /**
   * The first message. If `resumed` is false, the page drops its jobs and uses `jobs`, in which long jobs are shortened; `unlisted` more jobs wait.
   * If true, `jobs` is empty, and the following `events` continue from the page's number.
   */
  z.object({
    type: z.literal("hello"),
    protocolVersion: z.number().int(),
    epoch: z.string(),
    seq: z.number().int(),
    resumed: z.boolean(),
    jobs: z.array(JobSchema),
    unlisted: z.number().int(),
  }),
  /** A batch of all events since the last batch, at most MAX_MESSAGES_PER_SECOND batches in a second. */
  z.object({ type: z.literal("events"), events: z.array(NumberedEventSchema) }),
]);
export type ServerMessage = z.infer<typeof ServerMessageSchema>;

/** When a client connects, it names its last event: `/api/events?epoch=…&seq=…`. */
export const EventsQuerySchema = z.object({ epoch: z.string().optional(), seq: z.coerce.number().int().optional() });
