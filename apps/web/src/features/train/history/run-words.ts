/** @file Texts that describe a run. */
import type { HistoryRun } from "@lexeme/protocol";
import { formatCount } from "../../../ui/text/format.ts";

const STATES: Readonly<Record<HistoryRun["state"], string>> = {
  running: "Running",
  finished: "Finished",
  stopped: "Stopped",
  cancelled: "Cancelled",
  failed: "Failed",
  interrupted: "Interrupted",
  kept: "Kept",
  unknown: "Trained",
};

/** "Stopped at step 412 of 800" */
export function stateText({ state, lastStep, steps }: HistoryRun): string {
  if (state === "kept") return `Kept when another took its place, at step ${formatCount(lastStep)}`;
  const of = steps === null || steps === lastStep ? "" : ` of ${formatCount(steps)}`;
  return `${STATES[state]} at step ${formatCount(lastStep)}${of}`;
}

/** "Run 2, steps 151 to 400, from step 150 of run 1" */
export function rangeText(run: HistoryRun, runs: readonly HistoryRun[]): string {
  const number = `Run ${runs.indexOf(run) + 1}`;
  if (run.state === "kept") return `${number}, kept at step ${formatCount(run.lastStep)}`;
  const range =
    run.lastStep > run.initialStep
      ? `steps ${formatCount(run.initialStep + 1)} to ${formatCount(run.lastStep)}`
      : "no steps";
  const parent = run.from && runs.findIndex(({ folder }) => folder === run.from?.folder);
  const from =
    parent === null || parent === -1 || run.from === null
      ? ""
      : `, from step ${formatCount(run.from.step)} of run ${parent + 1}`;
  return `${number}, ${range}${from}`;
}
