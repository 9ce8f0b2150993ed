/** @file A job's progress in words. */
import { PHASE_TEXTS, type JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { viewOf } from "../../../parts/jobs/job-kinds.ts";
import { formatCount, formatDuration, formatRate } from "../../../ui/text/format.ts";

/** "412 of 1,200 · 1.1 s/step · 14 min left", or the phase while no steps are counted. */
export function describeProgress(job: Job, progress: JobProgress | null): string {
  if (job.stopping) return "Stopping: finishing the step and saving";
  if (progress === null) return "Starting";
  if (progress.steps === 0) return PHASE_TEXTS[progress.phase];
  const parts = [`${formatCount(progress.step)} of ${formatCount(progress.steps)}`];
  if (progress.image !== undefined && progress.image.count > 1) {
    parts.unshift(`picture ${progress.image.index} of ${progress.image.count}`);
  }
  if (progress.step === 0 || progress.phase === "giving-way") parts.unshift(PHASE_TEXTS[progress.phase]);
  if (progress.secondsPerStep !== null) parts.push(formatRate(progress.secondsPerStep, viewOf(job).unit));
  if (progress.etaSeconds !== null) parts.push(`${formatDuration(progress.etaSeconds)} left`);
  return parts.join(" · ");
}
