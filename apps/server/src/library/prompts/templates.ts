/** @file The list of prompt templates that pages show. */
import { TemplateFolder } from "@lexeme/data-folder";
import { fillWithSamples } from "@lexeme/domain/templates";
import type { Template } from "@lexeme/protocol";
import { templateLinesFault } from "@lexeme/tokenizer";
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

  /** The templates with the reason why a training cannot use one of their lines. */
  async listChecked(): Promise<Template[]> {
    const templates = await this.list();
    return templates.map((one) => ({ ...one, promptFault: templateLinesFault(one.lines, fillWithSamples) ?? null }));
  }
}
