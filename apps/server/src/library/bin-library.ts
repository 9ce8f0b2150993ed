/** @file The bin as a list of pages: what can be restored, and how much room it takes. */
import { Bin, type BinFolders } from "@lexeme/data-folder";
import type { Roots } from "./roots.ts";
import { statfs } from "node:fs/promises";
import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";

export interface BinSources {
  folders: BinFolders;
  roots: Roots;
  /** Called when the list has changed. */
  changed: () => void;
}

export class BinLibrary extends Bin implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #sources: BinSources;

  constructor(sources: BinSources) {
    super(sources.folders);
    this.#sources = sources;
    // Jobs of the workers move files into the bin too.
    this.watched = [{ path: sources.folders.bin, depth: 0 }];
    this.changed = sources.changed;
  }

  /** Like `restore`, for an entry that a page names. Its record may have been written elsewhere: throws LexemeError `PATH_OUTSIDE` if it leads out of the roots. */
  async restoreInside(id: string, options: { name?: string | undefined }): Promise<void> {
    const { files } = await this.require(id);
    for (const { from } of files) this.#sources.roots.requireNamedInside(from);
    await this.restore(id, options);
    this.changed();
  }

  /** Free bytes on the bin's disk; null if the system does not tell. */
  async freeBytes(): Promise<number | null> {
    return statfs(this.#sources.folders.bin).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    );
  }
}
