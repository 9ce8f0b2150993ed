/** @file Finds model files in a folder and all its subfolders. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifAbsent } from "@lexeme/data-folder";

/**
 * Paths of the files whose names match, without hidden files. A missing folder has no files; an unreadable folder throws a LexemeError.
 * Links to folders are followed, each folder once, because A1111 users link models from elsewhere. The caller checks links to files.
 */
export async function filesUnder(folder: string, names: RegExp): Promise<string[]> {
  await ifAbsent(readdir(folder), []);
  const found: string[] = [];
  await collect(folder, { names, found, entered: new Set() });
  return found;
}

interface Search {
  names: RegExp;
  found: string[];
  /** Real paths of the visited folders, so that a link to a parent folder does not cause an endless loop. */
  entered: Set<string>;
}

async function collect(folder: string, search: Search): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || search.entered.has(real)) return;
  search.entered.add(real);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (await isFolder(entry, path)) await collect(path, search);
    else if (search.names.test(entry.name) && !entry.name.startsWith(".")) search.found.push(path);
  }
}

/** True for a folder and for a link to a folder. */
export async function isFolder(
  entry: { isDirectory(): boolean; isSymbolicLink(): boolean },
  path: string,
): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}
