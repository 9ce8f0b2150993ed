/** @file Watches the data folder and tells the libraries whose folders changed, at most a few times a second. */
import { watch, type FSWatcher } from "chokidar";
import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";

/** A download of a checkpoint touches its file all the time; one word about it now and then is enough. */
const QUIET_MS = 300;

export class FolderWatch {
  readonly #watchers: FSWatcher[];
  readonly #timers = new Map<ListedLibrary, NodeJS.Timeout>();

  constructor(libraries: readonly ListedLibrary[]) {
    this.#watchers = libraries.flatMap((library) => library.watched.map((folder) => this.#watch(library, folder)));
  }

  #watch(library: ListedLibrary, { path: folder, depth }: WatchedFolder): FSWatcher {
    const watcher = watch(folder, {
      depth,
      ignoreInitial: true,
      // Ours while being written, and what browsers and tools leave half done.
      ignored: (path) => /(^|[\\/])\.[^\\/]*$|\.(tmp|part|crdownload)$/.test(path.slice(folder.length)),
    });
    watcher.on("all", () => this.#note(library));
    // What came while the folder was first looked through is told by nothing else.
    watcher.on("ready", () => this.#note(library));
    // Too many files for the system's watches: the lists are still read anew whenever a page asks.
    watcher.on("error", () => undefined);
    return watcher;
  }

  #note(library: ListedLibrary): void {
    if (this.#timers.has(library)) return;
    this.#timers.set(
      library,
      setTimeout(() => {
        this.#timers.delete(library);
        library.changed();
      }, QUIET_MS),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }
}
