/** @file Removes the temporary files that killed writes left behind: only files with Lexeme's own names, and only old ones. */
import { walkFiles } from "@lexeme/data-folder";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolders } from "./data-folder.ts";

/** No write takes this long, so a younger file may still be written, for example by another Lexeme on a shared folder. */
const OLD_MS = 3600 * 1000;

/** Names that `writeWholeFile` and `moveFile` give. */
const WHOLE_FILE = /^\.lexeme-[0-9a-f]{12}\.tmp$/u;
const THUMBNAIL = /^[0-9a-f]{40}\.webp\.[0-9a-f]{8}\.tmp$/u;
const UPLOAD = /^\.\d+\.part$/u;

/** Removes old leftovers and returns their paths. A folder that cannot be read, and a file that cannot be removed, are passed over. */
export async function removeLeftovers(folders: DataFolders, now: number = Date.now()): Promise<string[]> {
  const { embeddings, templates, runs, datasets, uploads, dataDir, cache, bin } = folders;
  const places: [folder: string, name: RegExp][] = [
    ...[embeddings, templates, runs, datasets, join(dataDir, "outputs"), cache, bin].map((folder): [string, RegExp] => [
      folder,
      WHOLE_FILE,
    ]),
    [cache, THUMBNAIL],
    [uploads, UPLOAD],
  ];
  const removed: string[] = [];
  for (const [folder, name] of places) {
    const isWanted = (file: string): boolean => name.test(file);
    for (const { path, modifiedAt } of await walkFiles(folder, { isWanted, entersLinks: false }).catch(() => [])) {
      if (now - modifiedAt < OLD_MS) continue;
      await rm(path, { force: true }).then(
        () => removed.push(path),
        () => undefined,
      );
    }
  }
  return removed;
}
