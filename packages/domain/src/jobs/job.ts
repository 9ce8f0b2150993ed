/** @file A job's states, progress and results, whatever its kind. */
import { z } from "zod";
import { SeedSchema } from "../settings/seed-field.ts";
import { JobPhaseSchema } from "./job-phase.ts";

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A file a job made, by absolute path on the server; `step` for copies and previews of a training. A grid shows several of its images. */
export const ArtifactSchema = z.object({
  kind: z.enum(["image", "grid", "preview", "copy", "embedding", "notebook"]),
  path: z.string(),
  step: z.number().int().optional(),
  seed: SeedSchema.optional(),
  infotext: z.string().optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  /** Place in an X/Y/Z plot, from 0. */
  cell: z.object({ x: z.number().int(), y: z.number().int(), z: z.number().int() }).optional(),
  /** On its way to the program that asked, and then removed; the page hears nothing of it. */
  sent: z.literal(true).optional(),
});
export type Artifact = z.infer<typeof ArtifactSchema>;

export const JobProgressSchema = z.object({
  phase: JobPhaseSchema,
  /** Steps done and steps in all; for preprocess, pictures. */
  step: z.number().int(),
  steps: z.number().int(),
  secondsPerStep: z.number().nullable(),
  /** Seconds left by the measured rate; null while unknown. */
  etaSeconds: z.number().nullable(),
  /** Training only. Loss of the last step, its exponential mean, the rate used, epoch from 1. */
  loss: z.number().optional(),
  smoothedLoss: z.number().optional(),
  learnRate: z.number().optional(),
  epoch: z.number().int().optional(),
  prompt: z.string().optional(),
  /** Training only: mean loss at fixed noise and time steps, before and now. */
  fixedLoss: z.object({ before: z.number(), now: z.number(), step: z.number().int() }).optional(),
  /** txt2img only: picture being made and how many in all, from 1. */
  image: z.object({ index: z.number().int(), count: z.number().int() }).optional(),
});
export type JobProgress = z.infer<typeof JobProgressSchema>;

/** One point of the loss chart. */
export const MetricPointSchema = z.object({ step: z.number().int(), loss: z.number(), learnRate: z.number() });
export type MetricPoint = z.infer<typeof MetricPointSchema>;

export const JobResultsSchema = z.object({
  artifacts: z.array(ArtifactSchema),
  /** Things that went on without stopping the job, as sentences: a picture skipped and why. */
  warnings: z.array(z.string()),
  /** Preprocess: pictures written, and those left out by name and reason. */
  written: z.number().int().optional(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })).optional(),
  /** Folder the results lie in (destination, run folder, outputs folder of the day). */
  folder: z.string().optional(),
  /** One sentence that says how it ended: "Stopped at step 412 of 1200; mira.pt holds what was learned". */
  summary: z.string().optional(),
});
export type JobResults = z.infer<typeof JobResultsSchema>;

export function isFinished(state: JobState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}
