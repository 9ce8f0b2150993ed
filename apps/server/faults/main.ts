/** @file `pnpm faults`: breaks a real server in all ways of `TRIALS` and prints a table of what held. Takes a quarter of an hour; `--short` some minutes. */
import { parseArgs } from "node:util";
import { mayMount, runWhereMountsAreAllowed } from "./mounts.ts";
import { Program } from "./program.ts";
import { formatResults } from "./results-table.ts";
import { runTrial, type Trial, type TrialResult } from "./trial.ts";
import { clockJumps } from "./trials/clock-jumps.ts";
import { fullDisks } from "./trials/full-disks.ts";
import { hostileFiles } from "./trials/hostile-files.ts";
import { killFileChanges } from "./trials/kill-file-changes.ts";
import { killJobs } from "./trials/kill-jobs.ts";
import { manyJobs } from "./trials/many-jobs.ts";
import { manySockets } from "./trials/many-sockets.ts";
import { readOnlyFolders } from "./trials/read-only-folders.ts";

const TRIALS: readonly Trial[] = [
  killFileChanges,
  killJobs,
  fullDisks,
  readOnlyFolders,
  clockJumps,
  manyJobs,
  manySockets,
  hostileFiles,
];

const HELP = `Usage: pnpm faults [--short] [--only TRIAL]... [--seed N]
Trials: ${TRIALS.map(({ name }) => name).join(", ")}. Linux only.`;

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: TRIALS.map(({ name }) => name) },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const unknown = values.only.find((name) => !TRIALS.some((trial) => trial.name === name));
if (values.help || unknown !== undefined) {
  process.stdout.write(`${unknown === undefined ? "" : `There is no trial "${unknown}"\n`}${HELP}\n`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  process.once("exit", () => Program.killAll());
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  const status = await runWhereMountsAreAllowed();
  process.exitCode = status ?? (await runTrials());
}

/** Runs the chosen trials one after the other, prints their table, and returns the exit status. */
async function runTrials(): Promise<number> {
  const results: TrialResult[] = [];
  for (const trial of TRIALS.filter(({ name }) => values.only.includes(name))) {
    if (trial.mounts === true && !mayMount()) {
      say(`${trial.name}: left out, because this system lets no user mount a file system in a name space`);
      continue;
    }
    const tries = values.short ? trial.tries.short : trial.tries.whole;
    results.push(
      await runTrial(trial, { tries, seed: Number(values.seed), say: (line) => say(`${trial.name}: ${line}`) }),
    );
  }
  process.stdout.write(`${formatResults(results)}\n`);
  return results.every(({ failures }) => failures.length === 0) ? 0 : 1;
}

/** Progress goes to standard error, the table to standard output. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
