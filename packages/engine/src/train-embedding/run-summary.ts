/** @file How a run ended, in one sentence. */

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
  if (done === initialStep) return `Stopped before the first step; ${file} is as it was`;
  if (stopped) return `Stopped at step ${done} of ${asked}; ${file} holds what was learned`;
  if (done < asked)
    return `Finished at step ${done}, where the learning rate schedule ends; ${file} holds what was learned`;
  return `Finished ${done} steps; ${file} holds what was learned`;
}

/** How long a run took and the most memory that its process has held so far, as a line of the job's log. */
export function describeResources({ steps, startedAt }: { steps: number; startedAt: number }): string {
  const seconds = (performance.now() - startedAt) / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return `${steps} steps in ${seconds.toFixed(1)} s; peak memory of the worker ${(peakBytes / 1e9).toFixed(2)} GB`;
}
