/** @file A text file that grows by whole rows: no row is torn, and no row is lost while a disk is full. */
import { ifAbsent } from "@lexeme/core";
import { open, readFile } from "node:fs/promises";
import { writeWholeFile } from "./whole-file.ts";

export class RowFile {
  readonly #path: string;
  #waiting: string[] = [];
  /** Bytes of the whole rows that are in the file. */
  #length: number;
  #fault: string | undefined;

  private constructor(path: string, length: number) {
    this.#path = path;
    this.#length = length;
  }

  /**
   * Opens the file for more rows. Removes the rows that `keeps` refuses, and a last row without its end, which a kill or a full disk left.
   * Throws the errors of `writeWholeFile`.
   */
  static async open(path: string, keeps: (row: string) => boolean, header?: string): Promise<RowFile> {
    const old = await ifAbsent(readFile(path, "utf8"), "");
    const rows = wholeRows(old).filter((row) => row !== header && keeps(row));
    const text = [...(header === undefined ? [] : [header]), ...rows].map((row) => `${row}\n`).join("");
    if (text !== old) await writeWholeFile(path, text, { replace: true });
    return new RowFile(path, Buffer.byteLength(text));
  }

  /** A sentence that says why the last write failed; undefined if it succeeded. The rows wait for the next write. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Adds a row, which is given without its line end; `flush` writes it. */
  add(row: string): void {
    this.#waiting.push(`${row}\n`);
  }

  /** Writes the waiting rows. Never throws: rows that cannot be written keep waiting, and a partly written row is removed. */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const rows = [...this.#waiting];
    try {
      await this.#append(rows.join(""));
      this.#waiting = this.#waiting.slice(rows.length);
      this.#fault = undefined;
    } catch (cause) {
      this.#fault = `Rows of ${this.#path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }

  async #append(text: string): Promise<void> {
    const handle = await open(this.#path, "a");
    try {
      const { size } = await handle.stat();
      if (size > this.#length) await handle.truncate(this.#length);
      const start = Math.min(size, this.#length);
      try {
        await handle.appendFile(text);
      } catch (cause) {
        // If this fails too, the next write begins with it.
        await handle.truncate(start).catch(() => undefined);
        throw cause;
      }
      this.#length = start + Buffer.byteLength(text);
    } finally {
      await handle.close();
    }
  }
}

/** The rows that have their line end, without it. Empty rows are left out. */
export function wholeRows(text: string): string[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((row) => row.replace(/\r$/u, ""))
    .filter((row) => row !== "");
}
