/** @file A job outside the database: settings, state, progress, results. */
import { JOB_STATES, JobProgressSchema, JobRequestSchema, JobResultsSchema, LANES } from "@lexeme/domain/jobs";
import { z } from "zod";
import { WireErrorSchema } from "./wire-error.ts";

/** The end of a text that a list has cut. */
export const CUT_MARK = "…";

export const JobSchema = z.object({
  id: z.string(),
  request: JobRequestSchema,
  lane: z.enum(LANES),
  state: z.enum(JOB_STATES),
  /** A short line for lists: `Train "mira"`. */
  title: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** Of two waiting jobs, the job with the smaller number comes first. */
  position: z.number(),
  /** 1 for the first attempt; a lost worker costs one attempt. */
  attempt: z.number().int(),
  /** True when a stop was requested and the job is finishing its step and saving. */
  stopping: z.boolean(),
  /** True when the waiting job goes before the next step of the running job of its lane, or else before all other waiting jobs. */
  first: z.boolean(),
  progress: JobProgressSchema.nullable(),
  results: JobResultsSchema,
  error: WireErrorSchema.nullable(),
  /** Last lines of the job's log, newest last. */
  logTail: z.array(z.string()),
  /** True if a program ordered the job over A1111's API, and no user of the page. */
  byProgram: z.literal(true).optional(),
  /** True in a list if long texts are cut, and infotexts, old artifacts and old log lines are left out. `GET /api/jobs/:id` has the whole job. */
  isShortened: z.literal(true).optional(),
  /** In a shortened job: the number of pictures among all its artifacts, without grids. */
  imageCount: z.number().int().optional(),
});
export type Job = z.infer<typeof JobSchema>;
