/** @file Files of models under a folder, however deep. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Paths of the files whose names match; hidden ones are left out, a missing folder is empty. Links are for the caller's own stat: A1111 users link models from elsewhere. */
export async function filesUnder(folder: string, names: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && names.test(entry.name) && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
