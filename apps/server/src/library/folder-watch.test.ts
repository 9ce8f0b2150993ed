/** @file The warning that the system has no watches left for folders. */
import { EventEmitter } from "node:events";
import type { FSWatcher, watch } from "chokidar";
import { expect, test } from "vitest";
import { FolderWatch } from "./folder-watch.ts";
import type { ListedLibrary } from "./listed-library.ts";

test("a lack of watches is reported once, with the number in use and the remedy", () => {
  const watchers: EventEmitter[] = [];
  const watchFolder = (() => {
    const watcher = Object.assign(new EventEmitter(), { getWatched: () => ({ "/a": ["x", "y"] }) });
    watchers.push(watcher);
    return watcher as unknown as FSWatcher;
  }) as unknown as typeof watch;
  const library = (path: string): ListedLibrary => ({ watched: [{ path, depth: 1 }], changed: () => undefined });
  const said: string[] = [];
  const watched = new FolderWatch([library("/a"), library("/b")], (message) => said.push(message), watchFolder);
  expect(watched).toBeInstanceOf(FolderWatch);
  watchers[0]!.emit("error", Object.assign(new Error("gone"), { code: "ENOENT" }));
  for (const watcher of watchers) watcher.emit("error", Object.assign(new Error("full"), { code: "ENOSPC" }));
  expect(said).toEqual([expect.stringContaining('no watch left for "/a" (4 are in use here)')]);
  expect(said[0]).toContain("max_user_watches");
});
