/** @file Watches the data folder and tells the libraries whose folders changed, at most a few times a second. */
import { watch, type FSWatcher } from "chokidar";
import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";

/** A download of a checkpoint touches its file all the time; one message per interval is enough. */
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
      // Temporary files of Lexeme, and partial files of browsers and other tools.
      ignored: (path) => /(^|[\\/])\.[^\\/]*$|\.(tmp|part|crdownload)$/.test(path.slice(folder.length)),
    });
    watcher.on("all", () => this.#note(library));
    // No other event reports files that were added during the first scan of the folder.
    watcher.on("ready", () => this.#note(library));
    // The system may have too few watches for all files. The lists are still read again for each request of a page.
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
