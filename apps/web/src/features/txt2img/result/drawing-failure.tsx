/** @file Why a drawing failed or waits, and the way to try it again. */
import { Button } from "@mantine/core";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { actOnJob } from "../../../parts/jobs/job-actions.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";

/** Draws nothing for a job without an error. */
export function DrawingFailure({ job }: { job: Job }): ReactNode {
  const retry = useAction({ mutationFn: () => actOnJob("retryJob", job.id) });
  if (job.error === null) return null;
  // The job found no memory beside a training, and waits.
  if (job.state === "queued") return <Notice tone="warning">{job.error.message}</Notice>;
  return (
    <Notice
      tone="failure"
      action={
        <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          Try again
        </Button>
      }
    >
      {job.error.message}
    </Notice>
  );
}
