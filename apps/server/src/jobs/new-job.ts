/** @file A new job as it is queued. */
import { JOB_KINDS, jobTitle, type JobRequest } from "@lexeme/domain/jobs";
import { randomUUID } from "node:crypto";
import { readableOptions, type JobTerms, type StoredJob } from "./store/job-row.ts";

/** `terms` has the other options that this job changes. */
export function newJob(request: JobRequest, checkpoint: string | null, terms: Partial<JobTerms>): StoredJob {
  const { options = {}, delivery = "keep" } = terms;
  return {
    id: randomUUID(),
    request,
    checkpoint,
    options: readableOptions(options),
    delivery,
    lane: JOB_KINDS[request.kind].lane,
    state: "queued",
    title: jobTitle(request),
    createdAt: Date.now(),
    startedAt: null,
    finishedAt: null,
    position: 0,
    attempt: 1,
    stopping: false,
    first: false,
    progress: null,
    results: { artifacts: [], warnings: [] },
    error: null,
    logTail: [],
  };
}
