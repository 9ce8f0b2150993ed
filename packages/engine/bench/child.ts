/** @file Runs a program to its end and reads the JSON objects that it prints, one on each line. */
import { spawn } from "node:child_process";

export interface ChildRun {
  /** The printed objects, also of a program that failed afterwards. */
  readonly lines: readonly Record<string, unknown>[];
  /** How a failed program ended, such as "signal SIGSEGV"; null if it succeeded. */
  readonly failure: string | null;
  /** The end of the program's error output. */
  readonly errors: string;
}

/** Kills the program after `timeoutMs` or when this process exits. Never rejects: for a program that cannot start, `failure` says so. */
export async function runJsonChild(
  program: string,
  args: readonly string[],
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<ChildRun> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let [output, errors, isLate] = ["", "", false];
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (errors = (errors + bytes.toString()).slice(-4000)));
  const kill = (): boolean => child.kill("SIGKILL");
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          kill();
        }, timeoutMs);
  process.once("exit", kill);
  const failure = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => {
      if (isLate) resolve(`no end after ${Math.round((timeoutMs ?? 0) / 1000)} s`);
      else if (code === 0) resolve(null);
      else resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  clearTimeout(timer);
  process.off("exit", kill);
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, failure, errors };
}

/** Throws Error with the end of the program's error output when the program fails. */
export async function jsonLinesOf(
  program: string,
  args: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const { lines, failure, errors } = await runJsonChild(program, args);
  if (failure !== null) throw new Error(`${program} ${args.join(" ")} ended with ${failure}: ${errors}`);
  return lines;
}
