/** @file How a job is ended by hand: a training is stopped (what it learned is kept), anything else is cancelled. */
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
  const stops = job.request.kind === "train-embedding" && job.state === "running" && !job.stopping;
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
