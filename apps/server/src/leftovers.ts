/** @file Removes the temporary files that killed writes left behind: only files with Lexeme's own names, and only old ones. */
import { isTemporaryName, removeLeftovers as removeTemporaries, walkFiles } from "@lexeme/data-folder";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolders } from "./data-folder.ts";
import { isPartName } from "./library/datasets/uploads.ts";

/** No write takes this long, so a younger file may still be written, for example by another Lexeme on a shared folder. */
const OLD_MS = 3600 * 1000;

const THUMBNAIL = /^[0-9a-f]{40}\.webp\.[0-9a-f]{8}\.tmp$/u;

/** Removes old leftovers and returns their paths. A folder that cannot be read, and a file that cannot be removed, are passed over. */
export async function removeLeftovers(folders: DataFolders, now: number = Date.now()): Promise<string[]> {
  const { embeddings, templates, runs, datasets, uploads, dataDir, cache, bin, ours, preprocessRecords } = folders;
  const wholeFolders = [embeddings, templates, runs, datasets, join(dataDir, "outputs"), cache, bin];
  const places: [folder: string, isWanted: (file: string) => boolean][] = [
    ...wholeFolders.map((folder) => [folder, isTemporaryName] satisfies (typeof places)[number]),
    [cache, (file) => THUMBNAIL.test(file)],
    [uploads, isPartName],
  ];
  const removed: string[] = [];
  // Beside the styles and the settings. The data folder may be large otherwise.
  for (const folder of [dataDir, ours, preprocessRecords])
    removed.push(...(await removeTemporaries(folder, now - OLD_MS).catch(() => [])));
  for (const [folder, isWanted] of places) {
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
