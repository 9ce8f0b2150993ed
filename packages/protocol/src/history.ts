/** @file All that an embedding went through, as `GET /api/embeddings/:name/history` tells it. */
import { MetricPointSchema } from "@lexeme/domain/jobs";
import { z } from "zod";

/** How a run stands: `interrupted` ended without a word, `unknown` is of A1111 or an earlier version, `kept` is no run but what something replaced. */
const RUN_STATES = ["running", "finished", "stopped", "cancelled", "failed", "interrupted", "kept", "unknown"] as const;

/** A copy of a step in a run's folder. */
const HistoryPointSchema = z.object({ folder: z.string(), step: z.number().int() });

/** A mean loss at fixed noise; comparable with the others that were measured on the same pictures with the same checkpoint. */
const FixedLossSchema = z.object({ value: z.number(), isComparable: z.boolean() });

const HistoryRunSchema = z.object({
  folder: z.string(),
  state: z.enum(RUN_STATES),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** Ids of the jobs that wrote it, oldest first. */
  jobs: z.array(z.string()),
  /** The copy of another run that it goes on from. */
  from: HistoryPointSchema.nullable(),
  initialStep: z.number().int(),
  lastStep: z.number().int(),
  /** Max steps; null where nothing tells. */
  steps: z.number().int().nullable(),
  /** What the embedding was when this run's end took its place, where it did not go on from that. */
  replaced: HistoryPointSchema.nullable(),
  /** By step, thinned to some thousands for all runs together. */
  points: z.array(MetricPointSchema),
  fixedLosses: z.array(FixedLossSchema.extend({ step: z.number().int() })),
  copies: z.array(
    z.object({
      step: z.number().int(),
      path: z.string(),
      /** Preview of that step. */
      previewPath: z.string().nullable(),
      fixedLoss: FixedLossSchema.nullable(),
    }),
  ),
  previews: z.array(z.object({ step: z.number().int(), path: z.string() })),
});
export type HistoryRun = z.infer<typeof HistoryRunSchema>;

export const EmbeddingHistorySchema = z.object({
  /** Oldest first. */
  runs: z.array(HistoryRunSchema),
  /** Path of the copy that holds what the embedding is now; null where none does, or there is no embedding. */
  currentCopy: z.string().nullable(),
  /** Path of the copy with the lowest of the losses that can be compared; null where fewer than two can. */
  bestCopy: z.string().nullable(),
});
export type EmbeddingHistory = z.infer<typeof EmbeddingHistorySchema>;
