/** @file A job's progress for those who listen: its beginning, each tenth and its end, where the page shows every step. */
import { VisuallyHidden } from "@mantine/core";
import type { JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";

export interface SpokenProgressProps {
  job: Job;
  progress: JobProgress | null;
  /** The line that the page shows now. */
  text: string;
}

/** Stands beside the line that shows every step, which is itself no status. */
export function SpokenProgress({ job, progress, text }: SpokenProgressProps): ReactNode {
  const part = progress === null || progress.steps === 0 ? 0 : Math.floor((10 * progress.step) / progress.steps);
  const moment = `${job.id} ${job.state} ${job.stopping} ${job.state === "running" ? part : ""}`;
  const [said, setSaid] = useState({ moment, text });
  if (said.moment !== moment) setSaid({ moment, text });
  return <VisuallyHidden role="status">{said.text}</VisuallyHidden>;
}
