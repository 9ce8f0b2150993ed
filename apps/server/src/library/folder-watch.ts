/** @file Watches the data folder and says which list changed, at most a few times a second. */
import type { ServerEventBody } from "@lexeme/protocol";
import { watch, type FSWatcher } from "chokidar";
import type { DataFolders } from "../data-folder.ts";

type Changed = Extract<ServerEventBody, { type: "library" }>["changed"];

/** A download of a checkpoint touches its file all the time; one word about it now and then is enough. */
const QUIET_MS = 300;

export class FolderWatch {
  readonly #watchers: FSWatcher[];
  readonly #onChange: (changed: Changed) => void;
  readonly #timers = new Map<Changed, NodeJS.Timeout>();

  constructor(folders: DataFolders, onChange: (changed: Changed) => void) {
    this.#onChange = onChange;
    const watched: [Changed, string, number][] = [
      ["checkpoints", folders.checkpoints, 5],
      ["vaes", folders.vaes, 5],
      ["upscalers", folders.esrgan, 5],
      ["upscalers", folders.realEsrgan, 5],
      ["embeddings", folders.embeddings, 8],
      ["templates", folders.templates, 2],
      // Name patterns can make folders in folders.
      ["images", folders.outputs, 4],
      ["images", folders.grids, 4],
      ["datasets", folders.datasets, 3],
      ["styles", folders.styles, 0],
    ];
    this.#watchers = watched.map(([changed, folder, depth]) => this.#watch(changed, folder, depth));
  }

  #watch(changed: Changed, folder: string, depth: number): FSWatcher {
    const watcher = watch(folder, {
      depth,
      ignoreInitial: true,
      // Ours while being written, and what browsers and tools leave half done.
      ignored: (path) => /(^|[\\/])\.[^\\/]*$|\.(tmp|part|crdownload)$/.test(path.slice(folder.length)),
    });
    watcher.on("all", () => this.#note(changed));
    // What came while the folder was first looked through is told by nothing else.
    watcher.on("ready", () => this.#note(changed));
    // Too many files for the system's watches: the lists are still read anew whenever a page asks.
    watcher.on("error", () => undefined);
    return watcher;
  }

  #note(changed: Changed): void {
    if (this.#timers.has(changed)) return;
    this.#timers.set(
      changed,
      setTimeout(() => {
        this.#timers.delete(changed);
        this.#onChange(changed);
      }, QUIET_MS),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }
}
