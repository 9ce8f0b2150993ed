/** @file Reads a JSON object from a file that a person may have written, or the reason why the file cannot be used. */
import { isNestedDeeply, quoteLongIntegers } from "@lexeme/core";
import { readRegularFile } from "@lexeme/data-folder";

/** A1111's file has some 20 KB. */
const MAX_BYTES = 4 << 20;

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
    const bytes = await readRegularFile(path, MAX_BYTES);
    if (bytes === undefined) return { entries: {}, fault: null };
    text = new TextDecoder().decode(bytes);
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^Cannot read "[^"]*": /u, "");
    return { entries: {}, fault: `it cannot be read (${reason})` };
  }
  if (isNestedDeeply(text)) return { entries: {}, fault: "its lists are nested too deeply" };
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
