/** @file The list of prompt templates that pages show. */
import { TemplateFolder } from "@lexeme/data-folder";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";

export class TemplateLibrary extends TemplateFolder implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Tells pages that the list has changed. */
  readonly changed: () => void;

  constructor(folder: string, changed: () => void) {
    super(folder);
    this.watched = [{ path: folder, depth: 2 }];
    this.changed = changed;
  }
}
