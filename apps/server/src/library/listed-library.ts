/** @file The common parts of all libraries whose lists pages show. */

/** A folder or file that a list is read from. */
export interface WatchedFolder {
  readonly path: string;
  /** Number of levels of subfolders that are watched. */
  readonly depth: number;
}

export interface ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Called after any change in the library's folders: drops remembered facts and tells pages. The library's own methods call it themselves. */
  changed(): void;
}
