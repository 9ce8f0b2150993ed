/** @file What a library has in common with the others whose lists pages show. */

/** A folder that a list is read from, or a file. */
export interface WatchedFolder {
  readonly path: string;
  /** Folders in folders that count. */
  readonly depth: number;
}

export interface ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Something in its folders changed, whoever did it: forgets what it remembers and tells pages. Its own methods say so by themselves. */
  changed(): void;
}
