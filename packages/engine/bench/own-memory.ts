/** @file Resident memory of a process without pages of files, which the system can free. */
import { readFile } from "node:fs/promises";

/** In bytes; 0 for a process that has ended. Linux only. */
export async function ownBytes(pid: number | "self"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}
