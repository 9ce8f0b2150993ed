/** @file A job: what is asked for, its states, progress and results. */
import { z } from "zod";
import { NotebookSettingsSchema } from "../settings/notebook-settings.ts";
import { SeedSchema } from "../settings/seed-field.ts";
import { PreprocessSettingsSchema } from "../settings/preprocess-settings.ts";
import { TrainSettingsSchema } from "../settings/train-settings.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { XyzPlotSettingsSchema } from "../plot/xyz-plot-settings.ts";
import { JobPhaseSchema } from "./job-phase.ts";

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A lane runs one job at a time: `device` computes on the accelerator, `pictures` preprocesses, reads vocabularies, and never waits behind a training. */
export const LANES = ["device", "pictures"] as const;
export type Lane = (typeof LANES)[number];

/** What a user asks for: the kind of job and its settings. The body of `POST /api/jobs`. */
export const JobRequestSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("train-embedding"), settings: TrainSettingsSchema }),
  z.object({ kind: z.literal("txt2img"), settings: Txt2imgSettingsSchema }),
  z.object({ kind: z.literal("xyz-plot"), settings: XyzPlotSettingsSchema }),
  z.object({ kind: z.literal("preprocess"), settings: PreprocessSettingsSchema }),
  z.object({ kind: z.literal("notebook"), settings: NotebookSettingsSchema }),
]);
export type JobRequest = z.infer<typeof JobRequestSchema>;
export type JobKind = JobRequest["kind"];

export const LANE_OF: Record<JobKind, Lane> = {
  "train-embedding": "device",
  txt2img: "device",
  "xyz-plot": "device",
  preprocess: "pictures",
  notebook: "pictures",
};

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
