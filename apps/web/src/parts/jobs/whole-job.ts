/** @file A job that a list has shortened is fetched whole when it is shown. */
import type { Job } from "@lexeme/protocol";
import { useEffect } from "react";
import { call } from "../../api/client.ts";
import { applyWholeJob, useJobs } from "../../state/jobs.ts";

/** Fetches the whole job into the store; until then it is `isShortened`. Does nothing for a job that is whole. */
export function useWholeJob(job: Job | null): void {
  const id = job?.isShortened === true ? job.id : null;
  // After a lost connection the list is shortened again, and an earlier request may have had no answer.
  const generation = useJobs((state) => state.generation);
  useEffect(() => {
    if (id === null) return;
    // A job that is gone leaves the list; a banner reports a lost server, and a new list follows.
    call("getJob", { params: { id } }).then(applyWholeJob, () => undefined);
  }, [id, generation]);
}
