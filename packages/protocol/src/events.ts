/** @file The whole WebSocket protocol. One union each way; a stale tab is told to reload by `protocolVersion`. */
import { z } from "zod";
import { ArtifactSchema, JobProgressSchema, MetricPointSchema } from "@lexeme/domain/jobs";
import { LIBRARY_NAMES } from "@lexeme/domain/libraries";
import { JobSchema } from "./job.ts";

/** Raised with every change that an older page would misread. */
export const PROTOCOL_VERSION = 3;

/** At most this many messages a second reach one page; progress is coalesced, final states never are. */
export const MAX_MESSAGES_PER_SECOND = 10;

const ServerEventBodySchema = z.discriminatedUnion("type", [
  /** A job row appeared or changed in anything but progress. */
  z.object({ type: z.literal("job"), job: JobSchema }),
  z.object({ type: z.literal("job-removed"), jobId: z.string() }),
  z.object({ type: z.literal("progress"), jobId: z.string(), progress: JobProgressSchema }),
  z.object({ type: z.literal("metrics"), jobId: z.string(), points: z.array(MetricPointSchema) }),
  z.object({ type: z.literal("artifact"), jobId: z.string(), artifact: ArtifactSchema }),
  z.object({ type: z.literal("preview"), jobId: z.string(), dataUrl: z.string(), step: z.number(), steps: z.number() }),
  z.object({ type: z.literal("log"), jobId: z.string(), lines: z.array(z.string()) }),
  /** A folder changed: fetch that list anew. */
  z.object({ type: z.literal("library"), changed: z.enum(LIBRARY_NAMES) }),
  /** Device, worker or chosen checkpoint changed: fetch `/api/system` anew. */
  z.object({ type: z.literal("system") }),
]);
export type ServerEventBody = z.infer<typeof ServerEventBodySchema>;

/** An event and its number; numbers rise by one within an `epoch` (one run of the server). */
export const NumberedEventSchema = z.object({ seq: z.number().int(), event: ServerEventBodySchema });
export type NumberedEvent = z.infer<typeof NumberedEventSchema>;

export const ServerMessageSchema = z.discriminatedUnion("type", [
  /**
   * First message. `resumed` false: throw away what you have, `jobs` is all there is now, those with long texts shortened. True: `jobs` is empty,
   * and `events` that follow continue from your number.
   */
  z.object({
    type: z.literal("hello"),
    protocolVersion: z.number().int(),
    epoch: z.string(),
    seq: z.number().int(),
    resumed: z.boolean(),
    jobs: z.array(JobSchema),
  }),
  /** A batch: everything since the last batch, at most MAX_MESSAGES_PER_SECOND of them a second. */
  z.object({ type: z.literal("events"), events: z.array(NumberedEventSchema) }),
]);
export type ServerMessage = z.infer<typeof ServerMessageSchema>;

/** A client says where it was when it connects: `/api/events?epoch=…&seq=…`. */
export const EventsQuerySchema = z.object({ epoch: z.string().optional(), seq: z.coerce.number().int().optional() });
