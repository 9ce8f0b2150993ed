/** @file A new job as it is queued. */
import { JOB_KINDS, jobTitle, type Artifact, type JobRequest } from "@lexeme/domain/jobs";
import { randomUUID } from "node:crypto";
import { readableOptions, type JobTerms, type StoredJob } from "./store/job-row.ts";

/** The choices for a new job besides its request. */
export interface NewJobTerms extends Partial<JobTerms> {
  /** Pictures of an earlier job that failed; this job goes on after them. */
  drawn?: readonly Artifact[];
}

export function newJob(request: JobRequest, checkpoint: string | null, terms: NewJobTerms): StoredJob {
  const { options = {}, delivery = "keep", drawn = [] } = terms;
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
    results: { artifacts: [...drawn], warnings: [] },
    error: null,
    logTail: [],
  };
}
