/** @file Runs a program and returns the JSON objects that it prints, one on each line. */
import { spawn } from "node:child_process";

/** Throws Error with the end of the program's error output when the program fails. */
export async function jsonLinesOf(program: string, args: readonly string[]): Promise<Record<string, unknown>[]> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (errors = (errors + bytes.toString()).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${errors}`);
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
