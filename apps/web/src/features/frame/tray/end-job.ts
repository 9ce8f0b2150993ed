/** @file How a job is ended by hand: a kind that saves on the way is stopped and keeps its work, any other kind is cancelled. */
import { JOB_KINDS } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useAction } from "../../../api/use-action.ts";
import { actOnJob } from "../../../parts/jobs/job-actions.ts";

export interface EndJob {
  label: "Stop" | "Cancel";
  disabled: boolean;
  run: () => void;
}

export function useEndJob(job: Job): EndJob {
  const stops = JOB_KINDS[job.request.kind].resumption !== null && job.state === "running" && !job.stopping;
  const end = useAction({
    mutationFn: () => actOnJob(stops ? "stopJob" : "cancelJob", job.id),
  });
  return { label: stops ? "Stop" : "Cancel", disabled: end.isPending, run: () => end.mutate() };
}
