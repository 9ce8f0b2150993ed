/** @file The styles in `styles.csv` in the data folder, in A1111's form. The file is read again each time and written only when a style is saved or deleted; the other records stay exactly the same. */
import { LexemeError } from "@lexeme/core";
import { createHash, randomUUID } from "node:crypto";
import type { PromptStyle, StyleList } from "@lexeme/domain/styles";

import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import { formatCsv, parseCsv, type CsvRecord } from "./styles-csv.ts";
import { inTurn, readRegularFile, writeWholeFile } from "@lexeme/data-folder";

/** A1111 writes its file with this byte order mark and with the line ends of Python's `csv`. */
const BOM = "\uFEFF";
/** Enough for thousands of styles with long prompts. */
const MAX_BYTES = 16 << 20;
const LINE_END = "\r\n";
const COLUMNS = ["name", "prompt", "negative_prompt"] as const;
/** The name of the prompt's column in old versions of A1111. */
const FORMER_PROMPT = "text";

interface StyleFile {
  text: string;
  version: string;
  records: readonly CsvRecord[];
  /** Index of each column among the fields; -1 for a missing column. */
  columns: Readonly<Record<(typeof COLUMNS)[number], number>>;
  fault: string | null;
}

/** The most removals that can be undone: each keeps the whole file twice. */
const MAX_UNDO = 20;

export class StyleLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Tells pages that the list has changed. */
  readonly changed: () => void;
  readonly #path: string;
  readonly #undo = new Map<string, { before: string; after: string }>();

  constructor(path: string, changed: () => void) {
    this.#path = path;
    this.watched = [{ path, depth: 0 }];
    this.changed = changed;
  }

  async list(): Promise<StyleList> {
    const file = await this.#read();
    const { version, fault } = file;
    return { path: this.#path, styles: fault === null ? stylesOf(file) : [], version, notes: notesOf(file), fault };
  }

  /** The styles of these names, in that order. Throws LexemeError `STYLE_MISSING` with `details.field`. */
  async require(names: readonly string[]): Promise<PromptStyle[]> {
    if (names.length === 0) return [];
    const { styles } = await this.list();
    return names.map((name) => {
      const style = styles.find((one) => one.name === name);
      if (style !== undefined) return style;
      throw new LexemeError("STYLE_MISSING", `There is no style "${name}" in "${this.#path}"`, {
        details: { field: "styles" },
      });
    });
  }

  /**
   * Writes a style in place of `formerName`, or of the style with the same name, or after all others. `version` is the version of the list that
   * the user changed. Throws LexemeError `STYLES_CHANGED`, `STYLES_UNREADABLE`, or `STYLE_EXISTS` if a rename would hide another style.
   */
  async save(style: PromptStyle, { version, formerName }: { version: string; formerName?: string | undefined }) {
    const replaced = formerName ?? style.name;
    await this.#change(version, (file) => {
      if (style.name !== replaced && stylesOf(file).some(({ name }) => name === style.name)) {
        throw new LexemeError("STYLE_EXISTS", `There is already a style "${style.name}": choose another name`, {
          details: { field: "name" },
        });
      }
      return withStyle(withNegativeColumn(file, style), style, replaced);
    });
  }

  /** Removes a style from the file; the returned token restores the file. Throws LexemeError `STYLE_MISSING`, and the errors of `save`. */
  async remove(name: string, { version }: { version: string }): Promise<string> {
    const changed = await this.#change(version, (file) => {
      const kept = file.records.filter((record, i) => i === 0 || nameOf(file, record) !== name);
      if (kept.length === file.records.length) {
        throw new LexemeError("STYLE_MISSING", `There is no style "${name}" in "${this.#path}"`);
      }
      return joined({ ...file, records: kept });
    });
    const token = randomUUID();
    this.#undo.set(token, changed);
    const [oldest] = this.#undo.keys();
    if (this.#undo.size > MAX_UNDO && oldest !== undefined) this.#undo.delete(oldest);
    return token;
  }

  /** Undoes a removal. Throws LexemeError `UNDO_EXPIRED`, or `STYLES_CHANGED` if the file was changed since. */
  async restore(token: string): Promise<void> {
    const removal = this.#undo.get(token);
    if (removal === undefined) throw new LexemeError("UNDO_EXPIRED", "That style can no longer be restored");
    await this.#change(versionOf(removal.after), () => removal.before);
    this.#undo.delete(token);
  }

  #change(version: string, edit: (file: StyleFile) => string): Promise<{ before: string; after: string }> {
    return inTurn(this.#path, async () => {
      const file = await this.#read();
      if (file.fault !== null) throw new LexemeError("STYLES_UNREADABLE", file.fault);
      if (file.version !== version) {
        const sentence = `"${this.#path}" was changed meanwhile by another program or page: look at the styles again, then repeat your change`;
        throw new LexemeError("STYLES_CHANGED", sentence);
      }
      const after = edit(file);
      await writeWholeFile(this.#path, after, { replace: true });
      this.changed();
      return { before: file.text, after };
    });
  }

  async #read(): Promise<StyleFile> {
    const bytes = await readRegularFile(this.#path, MAX_BYTES);
    const text = bytes === undefined ? "" : decode(bytes);
    if (text === undefined) {
      return { ...parse(""), version: "unreadable", fault: `"${this.#path}" is not UTF-8: save it as UTF-8 first` };
    }
    const file = parse(text);
    return { ...file, fault: faultOf(file, this.#path) };
  }
}

function parse(text: string): StyleFile {
  const records = parseCsv(text.startsWith(BOM) ? text.slice(1) : text);
  const header = records[0]?.fields ?? [...COLUMNS];
  const place = (name: string) => header.indexOf(name);
  const prompt = place("prompt") >= 0 ? place("prompt") : place(FORMER_PROMPT);
  const columns = { name: place("name"), prompt, negative_prompt: place("negative_prompt") };
  return { text, version: versionOf(text), records, columns, fault: null };
}

function faultOf({ records, columns }: StyleFile, path: string): string | null {
  const open = records.find(({ isClosed }) => !isClosed);
  if (open !== undefined) {
    return `"${path}" cannot be read: a quote that opens in the record of line ${open.line} is never closed`;
  }
  if (columns.name < 0 || columns.prompt < 0) {
    return `"${path}" cannot be read: its first line has to name the columns, ${COLUMNS.join(",")}`;
  }
  return null;
}

/** The styles in the order of the file. As in A1111, the later of two styles with one name counts, at the place of the earlier. */
function stylesOf(file: StyleFile): PromptStyle[] {
  const { prompt, negative_prompt: negative } = file.columns;
  const byName = new Map<string, PromptStyle>();
  for (const record of file.records.slice(1)) {
    const name = nameOf(file, record);
    const { fields } = record;
    if (name !== "") byName.set(name, { name, prompt: fields[prompt] ?? "", negativePrompt: fields[negative] ?? "" });
  }
  return [...byName.values()];
}

function notesOf({ records, fault }: StyleFile): string[] {
  if (fault !== null) return [];
  const width = records[0]?.fields.length ?? 0;
  return records
    .slice(1)
    .filter(({ fields }) => fields.length > width)
    .map(({ line }) => `Line ${line} has more columns than the first line names: a text with a comma needs quotes`);
}

function nameOf({ columns }: StyleFile, { fields }: Pick<CsvRecord, "fields">): string {
  return fields[columns.name] ?? "";
}

/** The file's text with the style in place of the last style named `replaced`, or after all others. */
function withStyle(file: StyleFile, style: PromptStyle, replaced: string): string {
  const { records } = file;
  const at = records.findLastIndex((record, i) => i > 0 && nameOf(file, record) === replaced);
  if (at < 0) return withLineEnd(joined(file)) + formatStyle(file, style, []);
  const changed = records.map((record, i) =>
    i === at ? { ...record, text: formatStyle(file, style, record.fields) } : record,
  );
  return joined({ ...file, records: changed });
}

/** Files of old versions have no column for negative prompts; the first negative prompt adds it. */
function withNegativeColumn(file: StyleFile, { negativePrompt }: PromptStyle): StyleFile {
  const [header, ...rest] = file.records;
  if (header === undefined || file.columns.negative_prompt >= 0 || negativePrompt === "") return file;
  const fields = [...header.fields, "negative_prompt"];
  const records = [{ ...header, fields, text: formatCsv(fields) + LINE_END }, ...rest];
  return { ...file, records, columns: { ...file.columns, negative_prompt: header.fields.length } };
}

function joined({ text, records }: StyleFile): string {
  return (text.startsWith(BOM) ? BOM : "") + records.map((record) => record.text).join("");
}

/** A record of the style. Fields of other columns stay the same. */
function formatStyle({ columns, records }: StyleFile, style: PromptStyle, former: readonly string[]): string {
  const width = Math.max(records[0]?.fields.length ?? COLUMNS.length, former.length);
  const fields = Array.from({ length: width }, (_, i) => former[i] ?? "");
  fields[columns.name] = style.name;
  fields[columns.prompt] = style.prompt;
  if (columns.negative_prompt >= 0) fields[columns.negative_prompt] = style.negativePrompt;
  return formatCsv(fields) + LINE_END;
}

/** A missing or empty file gets the first line that A1111 writes. */
function withLineEnd(text: string): string {
  if (text === "" || text === BOM) return `${BOM}${COLUMNS.join(",")}${LINE_END}`;
  return /[\r\n]$/u.test(text) ? text : text + LINE_END;
}

function versionOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** Undefined if the bytes are not UTF-8. The byte order mark is kept, because it is written back with the text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
