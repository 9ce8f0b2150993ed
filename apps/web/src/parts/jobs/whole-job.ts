/** @file A job that a list has shortened is fetched whole when it is shown. */
import type { Job } from "@lexeme/protocol";
import type { LexemeError } from "@lexeme/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { applyWholeJob, joinArtifacts, useJobs } from "../../state/jobs.ts";

/** A request that failed is sent again after this long, as long as the job is shown. */
const RETRY_MS = 3000;

/**
 * Fetches the whole job into the store and returns it. A new list of the server may shorten a job that was whole: its settings and results
 * stay until the answer comes. The job is `isShortened` only until the first answer.
 */
export function useWholeJob(job: Job | null): Job | null {
  const id = job?.isShortened === true ? job.id : null;
  // After a lost connection the list is shortened again, and an earlier request may have had no answer.
  const generation = useJobs((state) => state.generation);
  useQuery<boolean, LexemeError>({
    queryKey: ["getJob", id, generation],
    queryFn: async ({ signal }) => {
      applyWholeJob(await call("getJob", { params: { id: id ?? "" } }, { signal }));
      return true;
    },
    enabled: id !== null,
    // The list drops a job that is gone.
    retry: (_count, { code }) => code !== "JOB_MISSING",
    retryDelay: RETRY_MS,
    gcTime: 0,
  });
  const [whole, setWhole] = useState<Job | null>(null);
  if (job === null || job.isShortened !== true) {
    if (whole !== job) setWhole(job);
    return job;
  }
  if (whole?.id !== job.id) return job;
  const { isShortened: _isShortened, imageCount: _imageCount, ...rest } = job;
  return { ...rest, request: whole.request, results: joinArtifacts(whole, job) };
}
