/** @file The temporary files of whole writes: their names, and those that a killed process left beside the files that it was writing. */
import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifAbsent } from "@lexeme/core";

/** A path in `folder` for a file that is being written. Its name does not contain the file's own name, because a long name would become too long. */
export function temporaryPath(folder: string): string {
  return join(folder, `.lexeme-${randomBytes(6).toString("hex")}.tmp`);
}

/** True for the names that `temporaryPath` gives. */
export function isTemporaryName(name: string): boolean {
  return /^\.lexeme-[\da-f]{12}\.tmp$/u.test(name);
}

/** Removes those in this folder that were last changed before `before`, in milliseconds since the epoch. Returns their paths. */
export async function removeLeftovers(folder: string, before: number): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await ifAbsent(readdir(folder), [])) {
    if (!isTemporaryName(name)) continue;
    const path = join(folder, name);
    const status = await ifAbsent(stat(path), undefined);
    if (status?.isFile() !== true || status.mtimeMs >= before) continue;
    await rm(path, { force: true });
    removed.push(path);
  }
  return removed;
}
