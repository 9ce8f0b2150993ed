/** @file Watches the data folder and tells the libraries whose folders changed, at most a few times a second. */
import { watch, type FSWatcher } from "chokidar";
import { codeOf } from "@lexeme/core";
import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";

/** A download of a checkpoint touches its file all the time; one message per interval is enough. */
const QUIET_MS = 300;

export class FolderWatch {
  readonly #warn: (message: string) => void;
  readonly #watchFolder: typeof watch;
  readonly #watchers: FSWatcher[];
  #hasWarned = false;
  readonly #timers = new Map<ListedLibrary, NodeJS.Timeout>();

  /** `warn` is called once, with a sentence, if the system does not give enough watches. `watchFolder` is chokidar's `watch` outside tests. */
  constructor(libraries: readonly ListedLibrary[], warn: (message: string) => void, watchFolder = watch) {
    this.#warn = warn;
    this.#watchFolder = watchFolder;
    this.#watchers = libraries.flatMap((library) => library.watched.map((folder) => this.#watch(library, folder)));
  }

  #watch(library: ListedLibrary, { path: folder, depth }: WatchedFolder): FSWatcher {
    const watcher = this.#watchFolder(folder, {
      depth,
      ignoreInitial: true,
      // Temporary files of Lexeme, and partial files of browsers and other tools.
      ignored: (path) => /(^|[\\/])\.[^\\/]*$|\.(tmp|part|crdownload)$/.test(path.slice(folder.length)),
    });
    watcher.on("all", () => this.#note(library));
    // No other event reports files that were added during the first scan of the folder.
    watcher.on("ready", () => this.#note(library));
    watcher.on("error", (cause) => this.#sayOnce(folder, cause));
    return watcher;
  }

  /** Without a watch, the lists are still read again for each request of a page. */
  #sayOnce(folder: string, cause: unknown): void {
    if (this.#hasWarned || !["ENOSPC", "EMFILE"].includes(codeOf(cause))) return;
    this.#hasWarned = true;
    this.#warn(
      `The system has no watch left for "${folder}" (${this.#watchedCount()} are in use here): what other programs change there is shown only when a page is opened or reloaded. On Linux, raise fs.inotify.max_user_watches and max_user_instances`,
    );
  }

  #watchedCount(): number {
    const lists = this.#watchers.map((watcher) => Object.values(watcher.getWatched()).flat().length);
    return lists.reduce((sum, count) => sum + count, 0);
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
