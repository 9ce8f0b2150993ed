/** @file The HTTP routes of jobs: a part of the table of all routes. */
import { z } from "zod";
import { JobRequestSchema, MetricPointSchema } from "@lexeme/domain/jobs";
import { NotebookSchema } from "@lexeme/domain/notebook";
import { JobSchema } from "./job.ts";
import { NothingSchema, type Route } from "./route.ts";

const JobIdSchema = z.object({ id: z.string() });

export const JOB_ROUTES = {
  createJob: { method: "POST", path: "/api/jobs", summary: "Queue a job", body: JobRequestSchema, response: JobSchema },
  listJobs: {
    method: "GET",
    path: "/api/jobs",
    summary: "The newest jobs, newest first, the running jobs and those that come next; long jobs are shortened",
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
    response: z.array(JobSchema),
  },
  getJob: { method: "GET", path: "/api/jobs/:id", summary: "One whole job", params: JobIdSchema, response: JobSchema },
  stopJob: {
    method: "POST",
    path: "/api/jobs/:id/stop",
    summary: "Finish the step, save and end",
    params: JobIdSchema,
    response: JobSchema,
  },
  cancelJob: {
    method: "POST",
    path: "/api/jobs/:id/cancel",
    summary: "End the job at once",
    params: JobIdSchema,
    response: JobSchema,
  },
  goFirstJob: {
    method: "POST",
    path: "/api/jobs/:id/go-first",
    summary:
      "Draw now: before the next step of the running training, which goes on afterwards, or else as the next job",
    params: JobIdSchema,
    response: JobSchema,
  },
  retryJob: {
    method: "POST",
    path: "/api/jobs/:id/retry",
    summary: "Queue the same settings again; a training continues from its last copy",
    params: JobIdSchema,
    response: JobSchema,
  },
  removeJob: {
    method: "DELETE",
    path: "/api/jobs/:id",
    summary: "Take a finished job off the list; its files stay",
    params: JobIdSchema,
    response: NothingSchema,
  },
  moveJob: {
    method: "POST",
    path: "/api/jobs/:id/move",
    summary: "Move a waiting job before another waiting job, or after all others",
    params: JobIdSchema,
    /** The id of the job that will come after it; null for the end. */
    body: z.object({ before: z.string().nullable() }),
    response: JobSchema,
  },
  clearJobs: {
    method: "POST",
    path: "/api/jobs/clear",
    summary: "Take all finished jobs off the list; their files stay",
    response: z.object({ removed: z.number().int() }),
  },
  cancelWaitingJobs: {
    method: "POST",
    path: "/api/jobs/cancel-waiting",
    summary: "Cancel all jobs that wait",
    response: z.object({ cancelled: z.number().int() }),
  },
  getMetrics: {
    method: "GET",
    path: "/api/jobs/:id/metrics",
    summary: "Losses and learning rates of a training, thinned to at most 5,000 points",
    params: JobIdSchema,
    response: z.array(MetricPointSchema),
  },

  getNotebook: {
    method: "GET",
    path: "/api/jobs/:id/notebook",
    summary: "The notebook of a notebook job",
    params: JobIdSchema,
    response: NotebookSchema,
  },
} as const satisfies Record<string, Route>;
