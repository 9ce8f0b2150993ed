/** @file JSON whose whole numbers keep every digit: those that a double does not hold are texts when read, and bigints when written. */

/** Up to 15 digits a double holds any whole number. */
const LONG_INTEGER = /(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE]|\s*:)/gu;

/**
 * A JSON text in which every whole number that a double would round is a text of its digits, to be read by `JSON.parse`. What is not JSON
 * stays so.
 */
export function quoteLongIntegers(json: string): string {
  if (json.search(LONG_INTEGER) < 0) return json;
  const parts: string[] = [];
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const start = quote < 0 ? json.length : quote;
    parts.push(json.slice(at, start).replaceAll(LONG_INTEGER, quoteUnlessExact));
    at = endOfString(json, start);
    parts.push(json.slice(start, at));
  }
  return parts.join("");
}

function quoteUnlessExact(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`;
}

/** Requests and files of A1111 have a few levels. */
const MOST_LEVELS = 100;

/** True if lists and objects are nested more deeply than in any real JSON text. Reading millions of levels takes minutes. */
export function isNestedDeeply(json: string): boolean {
  let levels = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') at = endOfString(json, at) - 1;
    else if (sign === "[" || sign === "{") levels++;
    else if (sign === "]" || sign === "}") levels--;
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}

/** The place behind the string that begins at `start`, or the end of the text. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const quote = json.indexOf('"', at);
    if (quote < 0) return json.length;
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote;
  }
  return json.length;
}

/** As `JSON.stringify` for plain values, with bigints as numbers. `indent` is the blanks of a level; without it all is one line. */
export function writeJson(value: unknown, { indent = 0 }: { indent?: number } = {}): string {
  return write(value, { step: " ".repeat(indent), before: "" }) ?? "null";
}

interface Level {
  readonly step: string;
  readonly before: string;
}

/** Undefined for what JSON has no word for. */
function write(value: unknown, level: Level): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || "toJSON" in value) return JSON.stringify(value);
  const inner = { ...level, before: level.before + level.step };
  if (Array.isArray(value)) return enclosed("[]", { parts: value.map((item) => write(item, inner) ?? "null"), level });
  const colon = level.step === "" ? ":" : ": ";
  const parts = Object.entries(value).flatMap(([key, item]) => {
    const text = write(item, inner);
    return text === undefined ? [] : [JSON.stringify(key) + colon + text];
  });
  return enclosed("{}", { parts, level });
}

function enclosed(brackets: "[]" | "{}", { parts, level }: { parts: readonly string[]; level: Level }): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  if (level.step === "") return `${open}${parts.join(",")}${close}`;
  const line = `\n${level.before}`;
  return `${open}${line}${level.step}${parts.join(`,${line}${level.step}`)}${line}${close}`;
}
