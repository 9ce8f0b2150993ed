/** @file Reads a JSON object from a file that a person may have written, or the reason why the file cannot be used. */
import { quoteLongIntegers, isAbsent } from "@lexeme/core";
import { readFile } from "node:fs/promises";

export type Entries = Readonly<Record<string, unknown>>;

export interface JsonFile {
  readonly entries: Entries;
  /** Why the file cannot be used, as the end of a sentence; null if the file can be used or is missing. */
  readonly fault: string | null;
}

/** A missing file gives no entries. */
export async function readJsonFile(path: string): Promise<JsonFile> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).replace(/^\uFEFF/u, "");
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    return { entries: {}, fault: isAbsent(cause) ? null : `it cannot be read (${code})` };
  }
  try {
    const value = parseExactly(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { entries: value as Entries, fault: null };
    }
    return { entries: {}, fault: "it does not hold a JSON object" };
  } catch (error) {
    return { entries: {}, fault: syntaxFault(text, error) };
  }
}

/** Throws SyntaxError with the position in `text`. A whole number that a double would round becomes a text of its digits. */
function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const exact = quoteLongIntegers(text);
  return exact === text ? value : JSON.parse(exact);
}

/** V8 names the position of most faults, and the sentence tells the user this position. */
function syntaxFault(text: string, error: unknown): string {
  const [, position] = /at position (\d+)/u.exec(String(error)) ?? [];
  const isCutShort = /Unexpected end/u.test(String(error)) || Number(position) >= text.trimEnd().length;
  if (isCutShort) return "it is not JSON, because it ends in the middle";
  if (position === undefined) return "it is not JSON";
  const before = text.slice(0, Number(position)).split("\n");
  return `it is not JSON at line ${before.length}, column ${before.at(-1)!.length + 1}: look there and just before it for a comma too many or too few`;
}
