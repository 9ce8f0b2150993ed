/** @file The record of a preprocessing until it is finished: which files it has written, so that a run that was ended in the middle goes on. */
import { ifAbsent, isAbsent } from "@lexeme/core";
import { createHash } from "node:crypto";
import { readFile, realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RowFile, wholeRows } from "./row-file.ts";
import { makeFolder } from "./whole-file.ts";

/** The first row names the work; `writing` is noted before a file is written, `written` after it. */
type Row = { work: string } | { writing: string; sha256: string } | { written: string };

export interface PreprocessWork {
  readonly destination: string;
  /** The same text for the same settings and the same pictures: only then does a run go on with another run's files. */
  readonly digest: string;
}

/** The files that an unfinished run of the same work has written. */
export class PreprocessRecord {
  readonly #path: string;
  readonly #digest: string;
  readonly #destination: string;
  readonly #writing = new Map<string, string>();
  readonly #written = new Set<string>();
  #rows: RowFile | undefined;

  private constructor(path: string, { destination, digest }: PreprocessWork) {
    this.#path = path;
    this.#destination = destination;
    this.#digest = digest;
  }

  /** Reads the record of this work from Lexeme's folder `records`. It is empty if there is none, or one of other work. */
  static async read(records: string, work: PreprocessWork): Promise<PreprocessRecord> {
    const destination = await realpath(work.destination).catch(() => resolve(work.destination));
    const name = createHash("sha256").update(destination).digest("hex").slice(0, 32);
    const record = new PreprocessRecord(join(records, `${name}.jsonl`), work);
    const rows = wholeRows(await ifAbsent(readFile(record.#path, "utf8"), "")).map(readRow);
    const [first] = rows;
    if (first === undefined || !("work" in first) || first.work !== work.digest) return record;
    for (const row of rows) {
      if (row === undefined) continue;
      if ("writing" in row) record.#writing.set(row.writing, row.sha256);
      if ("written" in row) record.#written.add(row.written);
    }
    return record;
  }

  /** True if an earlier run has begun this work. */
  get isBegun(): boolean {
    return this.#written.size > 0 || this.#writing.size > 0;
  }

  /**
   * True if the unfinished run has written this file of the destination. A file that was written whole and changed since is still the run's: a
   * caption was corrected. A file whose writing was not finished is the run's only if it has the noted content.
   */
  async has(file: string): Promise<boolean> {
    const path = join(this.#destination, file);
    const sha256 = this.#writing.get(file);
    if (sha256 === undefined) return false;
    const bytes = await readFile(path).catch((cause: unknown) => {
      if (isAbsent(cause)) return undefined;
      throw cause;
    });
    return bytes !== undefined && (this.#written.has(file) || sha256Of(bytes) === sha256);
  }

  /** Opens the record for writing. Throws the errors of `makeFolder` and `writeWholeFile`. */
  async begin(): Promise<void> {
    await makeFolder(join(this.#path, ".."));
    const header = JSON.stringify({ work: this.#digest });
    const isOurs = this.isBegun;
    this.#rows = await RowFile.open(this.#path, () => isOurs, header);
  }

  /** Calls `write`, which writes this content into the file, and notes the file before and after. Throws the errors of `write`. */
  async noting({ file, content }: { file: string; content: Uint8Array }, write: () => Promise<void>): Promise<void> {
    await this.#note({ writing: file, sha256: sha256Of(content) });
    await write();
    await this.#note({ written: file });
  }

  /** Removes the record: the work is done. */
  async finish(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  async #note(row: Row): Promise<void> {
    this.#rows?.add(JSON.stringify(row));
    await this.#rows?.flush();
  }
}

/** Undefined for a row that is not ours. */
function readRow(text: string): Row | undefined {
  try {
    const row = JSON.parse(text) as Record<string, unknown> | null;
    const isText = (name: string): boolean => typeof row?.[name] === "string";
    const isKnown = isText("work") || isText("written") || (isText("writing") && isText("sha256"));
    return isKnown ? (row as Row) : undefined;
  } catch {
    return undefined;
  }
}

function sha256Of(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
