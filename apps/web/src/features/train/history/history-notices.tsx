/** @file How the shown training ended, what went wrong, and what can be done about it. */
import { Button } from "@mantine/core";
import type { EmbeddingHistory, HistoryRun, Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { actOnJob, removeJob } from "../../../parts/jobs/job-actions.ts";
import { retryLabel } from "../../../parts/jobs/retry-label.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { showError } from "../../../ui/feedback/toast.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { NextStep } from "../run/next-step.tsx";
import { putCopy, type UsedCopy } from "./put-copy.ts";

export interface HistoryNoticesProps {
  name: string;
  job: Job;
  history: EmbeddingHistory;
  /** The job's run; undefined before it has one. */
  run: HistoryRun | undefined;
}

export function HistoryNotices({ name, job, history, run }: HistoryNoticesProps): ReactNode {
  const again = useAction({ mutationFn: () => actOnJob("retryJob", job.id) });
  const lastCopy = run?.copies.at(-1)?.step ?? 0;
  const retry = (
    <Button size="compact-sm" variant="default" loading={again.isPending} onClick={() => again.mutate()}>
      {retryLabel(lastCopy)}
    </Button>
  );
  return (
    <>
      {job.state === "failed" && job.error && (
        <Notice tone="failure" action={retry}>
          {job.error.message}
        </Notice>
      )}
      {job.state === "cancelled" && (
        <Notice action={lastCopy > 0 && retry}>
          {job.results.summary ??
            `Cancelled: the embedding is as it was before${lastCopy > 0 ? ", the copies are kept" : ""}`}
        </Notice>
      )}
      {job.state === "done" && <NextStep name={name} summary={usedNow(history, run) ?? job.results.summary} />}
      {job.state === "done" && run && <Replaced name={name} run={run} history={history} />}
      {job.results.warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          {warning}
        </Notice>
      ))}
    </>
  );
}

/** "In use now: the copy of step 30 of run 1" if another copy has been put in the place of what the run learned; else null. */
function usedNow({ runs, currentCopy }: EmbeddingHistory, run: HistoryRun | undefined): string | null {
  const learned = run?.copies.at(-1);
  if (learned === undefined || currentCopy === null || learned.path === currentCopy) return null;
  const place = runs.findIndex(({ copies }) => copies.some(({ path }) => path === currentCopy));
  const step = runs[place]?.copies.find(({ path }) => path === currentCopy)?.step;
  if (step === undefined) return null;
  return `In use now: the copy of step ${formatCount(step)}${runs.length > 1 ? ` of run ${place + 1}` : ""}`;
}

/**
 * Says that a run from an earlier copy replaced the embedding. The replaced embedding is kept as a copy, and a button brings it back while the embedding
 * is what the run wrote.
 */
function Replaced({
  name,
  run,
  history,
}: Pick<HistoryNoticesProps, "name" | "history"> & { run: HistoryRun }): ReactNode {
  const { replaced } = run;
  const before = history.runs
    .find(({ folder }) => folder === replaced?.folder)
    ?.copies.find(({ step }) => step === replaced?.step);
  const learned = run.copies.at(-1);
  const undo = useAction({ mutationFn: (copy: UsedCopy) => putCopy(name, copy), onError: showError });
  if (before === undefined || learned === undefined || learned.path !== history.currentCopy) return null;
  return (
    <Notice
      action={
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          onClick={() => undo.mutate({ path: before.path, instead: learned.path })}
        >
          Undo
        </Button>
      }
    >
      This run took the place of {name} at step {formatCount(before.step)}, which is kept among the copies
    </Notice>
  );
}

/** Says why a try ended before its first step, above the run that the try did not change. */
export function FailedTry({ job }: { job: Job }): ReactNode {
  const remove = useAction({ mutationFn: () => removeJob(job.id) });
  return (
    <Notice
      tone="warning"
      action={
        <Button size="compact-sm" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
          Dismiss
        </Button>
      }
    >
      The newest try made no step: {job.error?.message}
    </Notice>
  );
}
