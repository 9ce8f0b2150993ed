/** @file Parses the values of an axis as a user types them in A1111: a comma list with quotes, and ranges of numbers. */

import { seedText, type Seed } from "../settings/seed-field.ts";

/**
 * Splits values at commas or line ends, as Python's csv module does: a value in double quotes may hold commas, and two quotes in it mean
 * one. Blanks around a value are removed.
 */
export function splitValues(text: string): string[] {
  const values: string[] = [];
  // The end of a line also ends a value; `\s` would consume line ends that separate values.
  const VALUE = /[ \t]*(?:"((?:[^"]|"")*)"?([^,\r\n]*)|([^,\r\n]*))(,|\r?\n|\r|$)/guy;
  let isLineStart = true;
  for (const match of text.matchAll(VALUE)) {
    const [whole, quoted, behind = "", plain = "", end] = match;
    if (whole === "" && match.index === text.length && !text.endsWith(",")) break;
    // An empty line is not a value.
    const isEmptyLine = isLineStart && whole === end && end !== "," && end !== "";
    isLineStart = end !== ",";
    if (isEmptyLine) continue;
    values.push((quoted === undefined ? plain : quoted.replaceAll('""', '"') + behind).trim());
    if (end === "") break;
  }
  return values;
}

/** A part that is neither a number nor a range of numbers. */
export interface UnreadableValue {
  readonly unreadable: string;
}

/**
 * Expands numbers and ranges: `1-5`, `1-10 (+2)` in steps of 2, `1-10 [5]` five evenly spaced numbers with both ends. A range in steps never
 * goes beyond its end (A1111's ranges of decimals may, by one step). Empty parts are left out.
 */
export function expandNumbers(
  parts: readonly string[],
  { kind, most }: { kind: "integer" | "decimal"; most: number },
): number[] | UnreadableValue {
  const numbers: number[] = [];
  for (const part of parts) {
    if (part === "") continue;
    const expanded = expandPart(part, { kind, most });
    if (expanded === undefined) return { unreadable: part };
    // Pushed one by one, because a range may be too long for the arguments of one call.
    for (const number of expanded) numbers.push(number);
    if (numbers.length > most) return numbers;
  }
  return numbers;
}

/** Expands seeds and ranges of seeds by the same grammar, exact to the last digit. The setting checks which of the numbers are seeds. */
export function expandSeeds(parts: readonly string[], { most }: { most: number }): Seed[] | UnreadableValue {
  const seeds: Seed[] = [];
  for (const part of parts) {
    if (part === "") continue;
    const expanded = expandSeedPart(part, most);
    if (expanded === undefined) return { unreadable: part };
    for (const seed of expanded) seeds.push(seedText(seed));
    if (seeds.length > most) return seeds;
  }
  return seeds;
}

/** More digits than any seed has; `BigInt` is slow for a text of thousands of digits. */
const MOST_CHARACTERS = 100;

function expandSeedPart(part: string, most: number): bigint[] | undefined {
  if (part.length > MOST_CHARACTERS) return undefined;
  const range = RANGES.integer.exec(part);
  if (!range) return new RegExp(`^${INTEGER}$`, "u").test(part) ? [wholeNumberOf(part)] : undefined;
  const [start, end] = [wholeNumberOf(range[1]!), wholeNumberOf(range[2]!)];
  if (range[4] !== undefined) {
    const last = BigInt(range[4]) - 1n;
    const count = Math.min(Number(range[4]), most + 1);
    // As numpy's linspace, truncated to whole numbers.
    return Array.from({ length: count }, (_, i) =>
      last === 0n ? start : (start * last + BigInt(i) * (end - start)) / last,
    );
  }
  const step = range[3] === undefined ? 1n : wholeNumberOf(range[3]);
  if (step === 0n) return undefined;
  const count = (end - start) / step + 1n;
  const isAway = (end - start) * step < 0n;
  return Array.from(
    { length: isAway ? 0 : Number(count > most ? most + 1 : count) },
    (_, i) => start + BigInt(i) * step,
  );
}

function wholeNumberOf(text: string): bigint {
  return BigInt(text.replaceAll(/[\s+]/gu, ""));
}

const INTEGER = String.raw`[+-]?\s*\d+`;
const DECIMAL = String.raw`[+-]?\s*\d+(?:\.\d*)?`;
const RANGES = {
  integer: new RegExp(String.raw`^(${INTEGER})\s*-\s*(${INTEGER})(?:\s*\(\s*([+-]\d+)\s*\)|\s*\[\s*(\d+)\s*\])?$`, "u"),
  decimal: new RegExp(
    String.raw`^(${DECIMAL})\s*-\s*(${DECIMAL})(?:\s*\(\s*([+-]\d+(?:\.\d*)?)\s*\)|\s*\[\s*(\d+)\s*\])?$`,
    "u",
  ),
};

function expandPart(part: string, { kind, most }: { kind: "integer" | "decimal"; most: number }): number[] | undefined {
  const range = RANGES[kind].exec(part);
  if (!range) {
    const number = Number(part);
    const isFine = part.trim() !== "" && (kind === "integer" ? Number.isSafeInteger(number) : Number.isFinite(number));
    return isFine ? [number] : undefined;
  }
  const [start, end] = [numberOf(range[1]!), numberOf(range[2]!)];
  if (range[4] !== undefined) return spaced({ start, end }, { count: Math.min(Number(range[4]), most + 1), kind });
  const step = range[3] === undefined ? 1 : Number(range[3]);
  return step === 0 ? undefined : stepped({ start, end, step }, most);
}

function stepped({ start, end, step }: { start: number; end: number; step: number }, most: number): number[] {
  const count = Math.floor((end - start) / step + 1e-9) + 1;
  return Array.from({ length: Math.max(0, Math.min(count, most + 1)) }, (_, i) => tidy(start + i * step));
}

/** As numpy's linspace; integers are truncated, not rounded. */
function spaced(
  { start, end }: { start: number; end: number },
  { count, kind }: { count: number; kind: "integer" | "decimal" },
): number[] {
  return Array.from({ length: count }, (_, i) => {
    const value = count === 1 ? start : tidy(start + (i * (end - start)) / (count - 1));
    return kind === "integer" ? Math.trunc(value) : value;
  });
}

/** Rounds to the 8 decimal places that A1111 shows, which removes the rounding errors of added decimals. */
function tidy(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

function numberOf(text: string): number {
  return Number(text.replaceAll(/\s/gu, ""));
}
