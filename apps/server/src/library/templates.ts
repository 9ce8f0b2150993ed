/** @file Prompt templates: every .txt under textual_inversion_templates, as A1111 reads them. The shipped ones are written only where missing. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { parseTemplate } from "@lexeme/domain/templates";
import type { Template } from "@lexeme/protocol";

import { writeWholeFile } from "@lexeme/data-folder";

import type { ListedLibrary, WatchedFolder } from "./listed-library.ts";

/** A template is a list of short lines; larger files are something else. */
const MAX_TEMPLATE_BYTES = 1 << 20;

export class TemplateLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Tells of a change of the list. */
  readonly changed: () => void;
  readonly #folder: string;

  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.watched = [{ path: folder, depth: 2 }];
    this.changed = changed;
  }

  /** Writes each of `shipped` (file name to lines) that is not there. What a user changed stays changed. */
  async writeMissing(shipped: Readonly<Record<string, readonly string[]>>): Promise<void> {
    for (const [filename, lines] of Object.entries(shipped)) {
      await writeWholeFile(join(this.#folder, filename), `${lines.join("\n")}\n`, { replace: false }).catch(
        (error: unknown) => {
          if (!(error instanceof LexemeError && error.code === "FILE_EXISTS")) throw error;
        },
      );
    }
  }

  async list(): Promise<Template[]> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter(
      (entry) => entry.isFile() && entry.name.toLowerCase().endsWith(".txt") && !entry.name.startsWith("."),
    );
    // A1111 knows a template by its bare name; of two by the same name the later one wins.
    const byName = new Map<string, Template>();
    for (const file of files) {
      const text = await readFile(join(file.parentPath ?? file.path, file.name), "utf8").catch(() => "");
      if (text.length > MAX_TEMPLATE_BYTES) continue;
      const lines = linesOf(text);
      byName.set(file.name, { filename: file.name, lines, hasName: lines.some((line) => line.includes("[name]")) });
    }
    return [...byName.values()].toSorted((a, b) => a.filename.localeCompare(b.filename, "en"));
  }

  /** The template of that name, fit for training. Throws LexemeError `TEMPLATE_MISSING`, or as `parseTemplate` does. */
  async require(filename: string): Promise<Template> {
    const template = (await this.list()).find((candidate) => candidate.filename === filename);
    if (template === undefined) {
      throw new LexemeError("TEMPLATE_MISSING", `There is no prompt template "${filename}" in "${this.#folder}"`);
    }
    parseTemplate(template.lines.join("\n"));
    return template;
  }
}

function linesOf(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim());
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
