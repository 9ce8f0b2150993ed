/** @file The states, progress and results of jobs of all kinds. */
import { z } from "zod";
import { SeedSchema } from "../settings/seed-field.ts";
import { JobPhaseSchema } from "./job-phase.ts";

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A file that a job made, by absolute path on the server; `step` is for copies and previews of a training. A grid shows several of the job's images. */
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
  /** Place among the pictures of a txt2img job, from 0. */
  place: z.number().int().optional(),
  /** The file is sent to the program that asked for it, and then removed; the page is not told about it. */
  sent: z.literal(true).optional(),
});
export type Artifact = z.infer<typeof ArtifactSchema>;

/** Whether an interrupted job can go on after this picture: it has a place in a plot or among the job's pictures. */
export function isDrawnPicture({ kind, cell, place }: Artifact): boolean {
  return kind === "image" && (cell !== undefined || place !== undefined);
}

export const JobProgressSchema = z.object({
  phase: JobPhaseSchema,
  /** Steps done and the total of steps; preprocess counts pictures. */
  step: z.number().int(),
  steps: z.number().int(),
  secondsPerStep: z.number().nullable(),
  /** Seconds left by the measured rate; null while unknown. */
  etaSeconds: z.number().nullable(),
  /** Training only: the loss of the last step, the rate of that step, the epoch from 1. */
  loss: z.number().optional(),
  learnRate: z.number().optional(),
  epoch: z.number().int().optional(),
  prompt: z.string().optional(),
  /** The name of the file that is read now: a disk or a network that does not answer is then known by it. */
  file: z.string().optional(),
  /** Training only: mean loss at fixed noise and time steps, before and now. */
  fixedLoss: z.object({ before: z.number(), now: z.number(), step: z.number().int() }).optional(),
  /** txt2img only: the number of the current picture, from 1, and the total of pictures. */
  image: z.object({ index: z.number().int(), count: z.number().int() }).optional(),
});
export type JobProgress = z.infer<typeof JobProgressSchema>;

/** One point of the loss chart. */
export const MetricPointSchema = z.object({
  step: z.number().int(),
  loss: z.number(),
  learnRate: z.number(),
  /** Where a point stands for several losses, its own the last: their number and their mean. */
  merged: z.object({ count: z.number().int(), mean: z.number() }).optional(),
});
export type MetricPoint = z.infer<typeof MetricPointSchema>;

export const JobResultsSchema = z.object({
  artifacts: z.array(ArtifactSchema),
  /** Faults that did not stop the job, as sentences: for example a picture that was skipped, and why. */
  warnings: z.array(z.string()),
  /** Preprocess: the number of pictures written, and the names of skipped pictures with the reasons. */
  written: z.number().int().optional(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })).optional(),
  /** The folder of the results (destination, run folder, outputs folder of the day). */
  folder: z.string().optional(),
  /** One sentence about the end of the job: "Stopped at step 412 of 1200; mira.pt holds the trained vectors". */
  summary: z.string().optional(),
});
export type JobResults = z.infer<typeof JobResultsSchema>;

export function isFinished(state: JobState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}
