/** @file For tests only: a job in the form in which the server sends it. */
import { JOB_KINDS, JobRequestSchema, jobTitle } from "@lexeme/domain/jobs";
import type { z } from "zod";
import type { Job } from "./job.ts";

/** A running job, in the lane and with the title of its kind. Missing settings have their defaults; `change` overrides the other parts. */
export function testJob(
  request: z.input<typeof JobRequestSchema>,
  change: Partial<Omit<Job, "request" | "lane">> = {},
): Job {
  const parsed = JobRequestSchema.parse(request);
  return {
    id: "1",
    request: parsed,
    lane: JOB_KINDS[parsed.kind].lane,
    state: "running",
    title: jobTitle(parsed),
    createdAt: 0,
    startedAt: 0,
    finishedAt: null,
    position: 0,
    attempt: 1,
    stopping: false,
    first: false,
    progress: null,
    results: { artifacts: [], warnings: [] },
    error: null,
    logTail: [],
    ...change,
  };
}
