/** @file The history of an embedding, which is the answer of `GET /api/embeddings/:name/history`. */
import { MetricPointSchema } from "@lexeme/domain/jobs";
import { z } from "zod";

/**
 * The state of a run. `interrupted`: the run ended without a record of its end. `unknown`: A1111 or an earlier version wrote the run. `kept`: the
 * folder holds a replaced embedding and not a run.
 */
const RUN_STATES = ["running", "finished", "stopped", "cancelled", "failed", "interrupted", "kept", "unknown"] as const;

/** A copy of a step in a run's folder. */
const HistoryPointSchema = z.object({ folder: z.string(), step: z.number().int() });

/** A mean loss at fixed noise. Losses are comparable if they were measured on the same pictures with the same checkpoint. */
const FixedLossSchema = z.object({ value: z.number(), isComparable: z.boolean() });

const HistoryRunSchema = z.object({
  folder: z.string(),
  /** Whether it trained another embedding that had the name before: no run that led to the present vectors is connected with it. */
  isEarlier: z.boolean(),
  state: z.enum(RUN_STATES),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** Ids of the jobs that wrote it, oldest first. */
  jobs: z.array(z.string()),
  /** The copy of another run from which this run continues. */
  from: HistoryPointSchema.nullable(),
  initialStep: z.number().int(),
  lastStep: z.number().int(),
  /** Max steps; null if they are unknown. */
  steps: z.number().int().nullable(),
  /** The copy of the embedding that this run's end replaced; null if the run continued from that embedding. */
  replaced: HistoryPointSchema.nullable(),
  /** Sorted by step, and reduced to some thousands for all runs together. */
  points: z.array(MetricPointSchema),
  fixedLosses: z.array(FixedLossSchema.extend({ step: z.number().int() })),
  copies: z.array(
    z.object({
      step: z.number().int(),
      path: z.string(),
      /** Preview of the same step. */
      previewPath: z.string().nullable(),
      fixedLoss: FixedLossSchema.nullable(),
    }),
  ),
  previews: z.array(z.object({ step: z.number().int(), path: z.string() })),
});
export type HistoryRun = z.infer<typeof HistoryRunSchema>;

export const EmbeddingHistorySchema = z.object({
  /** Milliseconds since the epoch. A job without a run that ended before concerned an earlier embedding with this name. */
  ownSince: z.number(),
  /** The embedding whose training reached the present vectors; null if runs of this name have trained them, or no run did. */
  copiedFrom: z.object({ embedding: z.string(), step: z.number().int() }).nullable(),
  /** Oldest first. */
  runs: z.array(HistoryRunSchema),
  /** Path of the copy with the embedding's present vectors; null if no copy has them, or if there is no embedding. */
  currentCopy: z.string().nullable(),
  /** Path of the copy with the lowest comparable loss; null if fewer than two losses can be compared. */
  bestCopy: z.string().nullable(),
});
export type EmbeddingHistory = z.infer<typeof EmbeddingHistorySchema>;
