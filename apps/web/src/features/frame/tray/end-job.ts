/** @file How a job is ended by hand: a kind that saves on the way is stopped and keeps its work, any other kind is cancelled. */
import { JOB_KINDS } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import { call } from "../../../api/client.ts";
import { applyJob } from "../../../state/jobs.ts";
import { showError } from "../../../ui/feedback/toast.ts";

export interface EndJob {
  label: "Stop" | "Cancel";
  disabled: boolean;
  run: () => void;
}

export function useEndJob(job: Job): EndJob {
  const stops = JOB_KINDS[job.request.kind].resumption !== null && job.state === "running" && !job.stopping;
  const end = useMutation({
    mutationFn: () => {
      const input = { params: { id: job.id } };
      return stops ? call("stopJob", input) : call("cancelJob", input);
    },
    onSuccess: applyJob,
    onError: showError,
  });
  return { label: stops ? "Stop" : "Cancel", disabled: end.isPending, run: () => end.mutate() };
}
