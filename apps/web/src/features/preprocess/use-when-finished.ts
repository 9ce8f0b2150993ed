/** @file Tells once that a job has ended. */
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useEffect, useState } from "react";

/** Calls `onFinished` once when a job ends that was seen unfinished, or whose id was given to the returned function. */
export function useWhenFinished(job: Job | null, onFinished: (job: Job) => void): (jobId: string) => void {
  const [watched, setWatched] = useState<string | null>(null);
  useEffect(() => {
    if (job === null) return;
    if (!isFinished(job.state)) {
      setWatched(job.id);
    } else if (watched === job.id) {
      setWatched(null);
      onFinished(job);
    }
    // `onFinished` is a new function at every drawing and does the same each time.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [job, watched]);
  return setWatched;
}
