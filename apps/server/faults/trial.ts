/** @file A trial: one kind of fault, tried many times on a real server in a data folder of its own. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Mt19937 } from "@lexeme/core";
import { Program } from "./program.ts";

export interface TrialContext {
  /** A new data folder, removed after the trial. */
  readonly dataDir: string;
  /** The number of faults to try. */
  readonly tries: number;
  /** A number in [0, 1). The same seed gives the same numbers; the machine's speed still changes what a kill meets. */
  readonly random: () => number;
  /** Records a broken promise. */
  readonly fail: (sentence: string) => void;
  /** Shows the progress. */
  readonly say: (line: string) => void;
}

export interface Trial {
  /** Its name on the command line. */
  readonly name: string;
  /** The fault, for the table. */
  readonly fault: string;
  /** The promise that holds under the fault, for the table. */
  readonly promise: string;
  /** Faults of the whole campaign, and of its short form. */
  readonly tries: { readonly whole: number; readonly short: number };
  /** Whether the trial mounts file systems, which needs a name space of its own. */
  readonly mounts?: boolean;
  /** Returns a remark for the table, such as the most memory used. */
  readonly run: (context: TrialContext) => Promise<string>;
}

export interface TrialResult {
  readonly trial: Trial;
  readonly tries: number;
  readonly failures: readonly string[];
  readonly remark: string;
  readonly seconds: number;
}

/** Runs the trial. An error that it throws is one more failure. */
export async function runTrial(
  trial: Trial,
  { tries, seed, say }: { tries: number; seed: number; say: (line: string) => void },
): Promise<TrialResult> {
  const failures: string[] = [];
  const generator = new Mt19937(seed);
  const folder = await mkdtemp(join(tmpdir(), "lexeme-faults-"));
  const dataDir = join(folder, "data");
  await mkdir(dataDir);
  const startedMs = performance.now();
  let remark = "";
  try {
    remark = await trial.run({
      dataDir,
      tries,
      random: () => generator.next32() / 2 ** 32,
      fail: (sentence) => {
        failures.push(sentence);
        say(`BROKEN: ${sentence}`);
      },
      say,
    });
  } catch (error) {
    failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    Program.killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
  return { trial, tries, failures, remark, seconds: (performance.now() - startedMs) / 1000 };
}
