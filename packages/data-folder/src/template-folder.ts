/** @file Prompt templates: every `.txt` under A1111's `textual_inversion_templates`. */
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { parseTemplate } from "@lexeme/domain/templates";
import { readRegularFile, walkFiles } from "./folder-walk.ts";
import { decodeText } from "./text-file.ts";
import { writeWholeFile } from "./whole-file.ts";

/** A template is a list of short lines; a larger file is not a template. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;

export interface TemplateFile {
  /** File name without folders, as in A1111. */
  filename: string;
  lines: string[];
  /** Whether any line has `[name]`, the embedding's word. */
  hasName: boolean;
}

export class TemplateFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Writes each template of `shipped` (file name to lines) that is missing. A template that a user changed stays changed. */
  async writeMissing(shipped: Readonly<Record<string, readonly string[]>>): Promise<void> {
    for (const [filename, lines] of Object.entries(shipped)) {
      try {
        await writeWholeFile(join(this.#path, filename), `${lines.join("\n")}\n`, { replace: false });
      } catch (error) {
        if (!(error instanceof LexemeError && error.code === "FILE_EXISTS")) throw error;
      }
    }
  }

  /** All templates by name. A template that cannot be read as text has no lines. Throws the errors of `walkFiles`. */
  async list(): Promise<TemplateFile[]> {
    const templates = await Promise.all(
      [...(await this.#paths())].map(async ([filename, path]) => {
        const lines = linesOf(await textForList(path));
        return { filename, lines, hasName: lines.some((line) => line.includes("[name]")) };
      }),
    );
    return templates.toSorted((a, b) => a.filename.localeCompare(b.filename, "en"));
  }

  /**
   * The lines of the template of that name, fit for training. Throws LexemeError `TEMPLATE_MISSING`, `TEMPLATE_UNREADABLE`, or the
   * errors of `parseTemplate`.
   */
  async require(filename: string): Promise<string[]> {
    const path = (await this.#paths()).get(filename);
    if (path === undefined) {
      throw new LexemeError("TEMPLATE_MISSING", `There is no prompt template "${filename}" in "${this.#path}"`);
    }
    const text = await readText(path);
    if (text !== undefined) return parseTemplate(text);
    throw new LexemeError("TEMPLATE_UNREADABLE", `The prompt template "${path}" is not text: save it as UTF-8`);
  }

  /** A1111 walks sub-folders after their parents and uses file names without folders: of two templates with one name the later counts. */
  async #paths(): Promise<Map<string, string>> {
    const isWanted = (file: string): boolean => /\.txt$/iu.test(file) && !file.startsWith(".");
    const files = await walkFiles(this.#path, { isWanted });
    const templates = files.filter(({ sizeBytes }) => sizeBytes <= MAX_TEMPLATE_BYTES);
    return new Map(templates.map(({ file, path }) => [file, path]));
  }
}

/** Undefined for a file that is not text or that has just been removed. */
async function readText(path: string): Promise<string | undefined> {
  const bytes = await readRegularFile(path, MAX_TEMPLATE_BYTES);
  return bytes === undefined ? undefined : decodeText(bytes);
}

/** An unreadable file has no text, so that the list still shows the other files. */
async function textForList(path: string): Promise<string> {
  try {
    return (await readText(path)) ?? "";
  } catch (error) {
    if (error instanceof LexemeError) return "";
    throw error;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
