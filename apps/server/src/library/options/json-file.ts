/** @file A JSON object out of a file that a person may have written: what it holds, or why it cannot be used. */
import { quoteLongIntegers } from "@lexeme/core";
import { isAbsent } from "@lexeme/data-folder";
import { readFile } from "node:fs/promises";

export type Entries = Readonly<Record<string, unknown>>;

export interface JsonFile {
  readonly entries: Entries;
  /** Why the file cannot be used, as the end of a sentence; null when it can or there is none. */
  readonly fault: string | null;
}

/** A file that is missing is an empty object. */
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
    return { entries: {}, fault: "it holds something else than a JSON object" };
  } catch (error) {
    return { entries: {}, fault: syntaxFault(text, error) };
  }
}

/** Throws SyntaxError with the place in this very text. A whole number that a double would round is its digits. */
function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const exact = quoteLongIntegers(text);
  return exact === text ? value : JSON.parse(exact);
}

/** V8 names the place of most faults, by which a person finds theirs. */
function syntaxFault(text: string, error: unknown): string {
  const [, position] = /at position (\d+)/u.exec(String(error)) ?? [];
  const isCutShort = /Unexpected end/u.test(String(error)) || Number(position) >= text.trimEnd().length;
  if (isCutShort) return "it is not JSON, for it ends in the middle";
  if (position === undefined) return "it is not JSON";
  const before = text.slice(0, Number(position)).split("\n");
  return `it is not JSON at line ${before.length}, column ${before.at(-1)!.length + 1}: look there and just before it for a comma too many or too few`;
}
