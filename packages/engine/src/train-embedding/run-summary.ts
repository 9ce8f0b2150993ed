/** @file One sentence about the end of a run. */
import type { WorkClock } from "../work-clock.ts";

export interface RunEnd {
  /** Name of the embedding's file. */
  readonly file: string;
  readonly done: number;
  readonly initialStep: number;
  /** Max steps. */
  readonly asked: number;
  readonly stopped: boolean;
}

export function summarizeRun({ file, done, initialStep, asked, stopped }: RunEnd): string {
  if (done === initialStep) return `Stopped before the first step; ${file} is unchanged`;
  if (stopped) return `Stopped at step ${done} of ${asked}; ${file} holds the trained vectors`;
  if (done < asked)
    return `Finished at step ${done}, where the learning rate schedule ends; ${file} holds the trained vectors`;
  return `Finished ${done} ${done === 1 ? "step" : "steps"}; ${file} holds the trained vectors`;
}

/** The time of a run, without the time in which it waited, and the peak memory of its process so far, as a line of the job's log. */
export function describeResources(steps: number, { workedMs }: Pick<WorkClock, "workedMs">): string {
  const seconds = workedMs / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return `${steps} steps in ${seconds.toFixed(1)} s; peak memory of the worker ${(peakBytes / 1e9).toFixed(2)} GB`;
}
