/** @file Temporary files that a killed process left beside the files that it was writing. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifAbsent } from "@lexeme/core";

/** The names that `writeWholeFile` gives its temporary files. */
const LEFTOVER = /^\.lexeme-[\da-f]{12}\.tmp$/u;

/** Removes those in this folder that were last changed before `before`, in milliseconds since the epoch. */
export async function removeLeftovers(folder: string, before: number): Promise<void> {
  for (const name of await ifAbsent(readdir(folder), [])) {
    if (!LEFTOVER.test(name)) continue;
    const path = join(folder, name);
    const status = await ifAbsent(stat(path), undefined);
    if (status !== undefined && status.mtimeMs < before) await rm(path, { force: true });
  }
}
