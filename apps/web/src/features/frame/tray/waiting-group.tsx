/** @file The waiting jobs in their order, which a handle at each row changes on the server. */
import { ActionIcon, VisuallyHidden } from "@mantine/core";
import type { Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { cancelWaitingJobs, moveJob } from "../../../parts/jobs/job-actions.ts";
import { positionBetween } from "../../../parts/jobs/waiting-order.ts";
import { useJobCount, useJobs } from "../../../state/jobs.ts";
import { GripIcon } from "../../../ui/icons/icons.tsx";
import { formatCount } from "../../../ui/text/format.ts";
import { AskFirst } from "./ask-first.tsx";
import { JobGroup } from "./job-group.tsx";
import { JobRow } from "./job-row.tsx";
import styles from "./job-row.module.css";
import trayStyles from "./job-tray.module.css";
import { useRowDrag, type RowDrag } from "./use-row-drag.ts";

export function WaitingGroup({ jobs }: { jobs: readonly Job[] }): ReactNode {
  const unlisted = useJobs((state) => state.unlisted);
  const count = useJobCount("queued");
  const [said, setSaid] = useState("");
  const ids = jobs.map(({ id }) => id);
  const { dragged, handlers } = useRowDrag(ids, (id, before) => {
    const job = jobs.find((one) => one.id === id);
    if (job === undefined) return;
    const others = jobs.filter((one) => one !== job);
    const at = before === null ? others.length : others.findIndex((one) => one.id === before);
    // Waiting jobs that are not listed come after all that are.
    setSaid(`${job.title}: ${before === null ? count : at + 1} of ${count}`);
    void moveJob(job, before, positionBetween(others[at - 1], others[at]));
  });

  function dropMark(id: string): "dragged" | "before" | "after" | undefined {
    if (dragged === null) return undefined;
    if (dragged.id === id) return "dragged";
    if (dragged.below === id) return "after";
    return dragged.below === null && dragged.before === id ? "before" : undefined;
  }

  const row = (job: Job): ReactNode => (
    <JobRow
      key={job.id}
      job={job}
      mark={dropMark(job.id)}
      handle={jobs.length < 2 ? null : <MoveHandle job={job} {...handlers(job.id)} />}
    />
  );

  return (
    <>
      <JobGroup
        title="Waiting"
        items={jobs}
        row={row}
        action={
          count < 2 ? null : (
            <AskFirst
              label="Cancel all waiting"
              title={`Cancel ${formatCount(count)} waiting jobs?`}
              confirm="Cancel them"
              onConfirm={() => void cancelWaitingJobs()}
            >
              None of them has begun. Each can be tried again from this list.
            </AskFirst>
          )
        }
        note={
          unlisted > 0 ? (
            <p className={trayStyles["none"]}>
              {formatCount(unlisted)} more are waiting; each is listed when it starts.
            </p>
          ) : null
        }
      />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}

function MoveHandle({ job, ...handlers }: { job: Job } & ReturnType<RowDrag["handlers"]>): ReactNode {
  return (
    <ActionIcon
      className={styles["handle"] ?? ""}
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={`Move ${job.title}`}
      aria-keyshortcuts="ArrowUp ArrowDown Home End"
      title="Drag, or press the arrow keys"
      data-handle={job.id}
      {...handlers}
    >
      <GripIcon />
    </ActionIcon>
  );
}
