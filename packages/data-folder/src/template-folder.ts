/** @file Prompt templates: every `.txt` under A1111's `textual_inversion_templates`. */
import { join } from "node:path";
import { LexemeError } from "@lexeme/core";
import { parseTemplate } from "@lexeme/domain/templates";
import { readRegularFile, walkFiles } from "./folder-walk.ts";
import { decodeText } from "./text-file.ts";
import { writeWholeFile } from "./whole-file.ts";

/** A template is a list of short lines; a larger file is something else. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;

export interface TemplateFile {
  /** Bare name, by which A1111 knows it too. */
  filename: string;
  lines: string[];
  /** Whether any line calls the embedding. */
  hasName: boolean;
}

export class TemplateFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Writes each of `shipped` (file name to lines) that is absent. What a user changed stays changed. */
  async writeMissing(shipped: Readonly<Record<string, readonly string[]>>): Promise<void> {
    for (const [filename, lines] of Object.entries(shipped)) {
      try {
        await writeWholeFile(join(this.#path, filename), `${lines.join("\n")}\n`, { replace: false });
      } catch (error) {
        if (!(error instanceof LexemeError && error.code === "FILE_EXISTS")) throw error;
      }
    }
  }

  /** By name. One that cannot be read as text has no lines. Throws as `walkFiles`. */
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
   * The lines of the template of that name, fit for training. Throws LexemeError `TEMPLATE_MISSING`, `TEMPLATE_UNREADABLE`, or as
   * `parseTemplate` does.
   */
  async require(filename: string): Promise<string[]> {
    const path = (await this.#paths()).get(filename);
    if (path === undefined) {
      throw new LexemeError("TEMPLATE_MISSING", `There is no prompt template "${filename}" in "${this.#path}"`);
    }
    const text = await readText(path);
    if (text !== undefined) return parseTemplate(text);
    throw new LexemeError("TEMPLATE_UNREADABLE", `The prompt template "${path}" is no text: save it as UTF-8`);
  }

  /** A1111 walks sub-folders after their parents and knows a template by its bare name: of two of one name it has the later. */
  async #paths(): Promise<Map<string, string>> {
    const isWanted = (file: string): boolean => /\.txt$/iu.test(file) && !file.startsWith(".");
    const files = await walkFiles(this.#path, { isWanted });
    const templates = files.filter(({ sizeBytes }) => sizeBytes <= MAX_TEMPLATE_BYTES);
    return new Map(templates.map(({ file, path }) => [file, path]));
  }
}

/** Undefined for what is no text, or is just being removed. */
async function readText(path: string): Promise<string | undefined> {
  const bytes = await readRegularFile(path, MAX_TEMPLATE_BYTES);
  return bytes === undefined ? undefined : decodeText(bytes);
}

/** One file that may not be read is no reason to show none. */
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
