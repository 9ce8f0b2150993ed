/**
 * @file Finds the parameters of an infotext. A1111 reads the last line only; here they are also found before lines that follow them, with bars
 * between them, or in one line with the prompts, and the reader then says that it doubts.
 */
import { infotextKeyFacts } from "./infotext-keys.ts";

type Pairs = [key: string, value: string][];

export interface ParameterLines {
  /** The lines with the prompts. */
  readonly prompts: readonly string[];
  readonly pairs: Pairs;
  /** Sentences about parts that were read otherwise than A1111 reads them, or not at all. */
  readonly doubts: readonly string[];
}

/** A1111 takes a line with fewer pairs for a part of the prompt. */
const FEWEST_PAIRS = 3;
/** Lines after the parameters, as programs write them, are few; a prompt may have any number of lines. */
const MOST_LINES_AFTER = 200;
/** The keys of an extension's lines after the parameters (Dynamic Prompts). */
const LINE_AFTER = /^(Template|Negative Template): ?([^]*)$/u;
const BARS_BETWEEN = /^\s*Steps: *\d+ *\|/u;
/** Two of A1111's first keys, as no prompt has them. */
const IN_THE_MIDDLE = /\bSteps: *\d+ *[,|] *(?:Sampler|Schedule type|CFG scale|Seed|Size): /u;
const MOST_QUOTED = 80;

export function findParameters(lines: readonly string[]): ParameterLines {
  const last = lines.at(-1) ?? "";
  const prompts = lines.slice(0, -1);
  const read = readPairs(last);
  const isFlat = startOfFlat(last) > 0;
  if (!isFlat && read.pairs.some(([key]) => infotextKeyFacts(key) !== undefined)) return { prompts, ...read };
  const found = isFlat ? readFlat(last, prompts) : findAbove(lines);
  if (found !== undefined) return found;
  if (read.pairs.length === 0) return { prompts: lines, pairs: [], doubts: [] };
  const doubts = ["The last line was read as settings, although it has none of the usual keys"];
  return { prompts, pairs: read.pairs, doubts };
}

/** No pairs for a line with too few pairs. */
function readPairs(line: string): Pick<ParameterLines, "pairs" | "doubts"> {
  const hasBars = BARS_BETWEEN.test(line);
  const pairs = hasBars ? line.split("|").flatMap((part) => parsePairs(part.trim())) : parsePairs(line);
  if (pairs.length < FEWEST_PAIRS) return { pairs: [], doubts: [] };
  return { pairs, doubts: hasBars ? ["The settings have bars between them instead of commas"] : [] };
}

/** The lowest line above the last that begins as parameters do. */
function findAbove(lines: readonly string[]): ParameterLines | undefined {
  const lowest = Math.max(0, lines.length - 1 - MOST_LINES_AFTER);
  for (let i = lines.length - 2; i >= lowest; i--) {
    if (!/^\s*Steps: *\d/u.test(lines[i]!)) continue;
    const { pairs, doubts } = readPairs(lines[i]!.trim());
    if (pairs.length === 0) continue;
    const after = readAfter(lines.slice(i + 1));
    return { prompts: lines.slice(0, i), pairs: [...pairs, ...after.pairs], doubts: [...doubts, ...after.doubts] };
  }
  return undefined;
}

/** Values may have several lines. Lines before the first key are not read. */
function readAfter(lines: readonly string[]): Pick<ParameterLines, "pairs" | "doubts"> {
  const pairs: Pairs = [];
  const unread: string[] = [];
  for (const line of lines) {
    const [, key, value = ""] = LINE_AFTER.exec(line.trimEnd()) ?? [];
    const latest = pairs.at(-1);
    if (key !== undefined) pairs.push([key, value]);
    else if (latest !== undefined) latest[1] += `\n${line}`;
    else if (line.trim() !== "") unread.push(line.trim());
  }
  const text = unread.join(" ");
  const shown = text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text;
  return { pairs, doubts: text === "" ? [] : [`The text after the settings was not read: “${shown}”`] };
}

/** Websites make one line of a text: the prompts are before the parameters. -1 for any other line. */
function startOfFlat(line: string): number {
  return line.search(IN_THE_MIDDLE);
}

function readFlat(line: string, before: readonly string[]): ParameterLines | undefined {
  const start = startOfFlat(line);
  const { pairs } = readPairs(line.slice(start));
  if (pairs.length === 0) return undefined;
  const prompts = line.slice(0, start).trim();
  const negative = prompts.search(/\bNegative prompt:/u);
  const parts = negative < 0 ? [prompts] : [prompts.slice(0, negative).trimEnd(), prompts.slice(negative)];
  return {
    prompts: [...before, ...parts],
    pairs,
    doubts: ["The prompt and the settings are in one line: compare the prompts"],
  };
}

/** A quoted text before a comma or the end, or all text up to the comma; without the blanks in front. */
const VALUE = /\s*(?:("(?:\\.|[^\\"])+")(?:,|$)|([^,]*)(?:,|$))/uy;
const OF_KEY = /^[\p{L}\p{N}_ \-/]$/u;

/**
 * A key, a colon, then the value. A1111's single pattern takes minutes for a long line without a colon: here each colon is found first, and
 * then the key before it.
 */
function parsePairs(line: string): Pairs {
  const pairs: Pairs = [];
  for (let at = 0, colon = line.indexOf(":"); colon >= 0; colon = line.indexOf(":", at)) {
    const key = keyBefore(line.slice(at, colon));
    at = colon + 1;
    if (key === undefined) continue;
    VALUE.lastIndex = at;
    const [whole = "", quoted, plain = ""] = VALUE.exec(line) ?? [];
    pairs.push([key, unquote(quoted ?? plain)]);
    at += whole.length;
  }
  return pairs;
}

/** The letters, digits, blanks and dashes at the end of the text, from the first letter or digit; at least two. */
function keyBefore(text: string): string | undefined {
  let start = text.length;
  while (start > 0) {
    const letter = start - (/^[\uDC00-\uDFFF]$/.test(text[start - 1]!) && start > 1 ? 2 : 1);
    if (!OF_KEY.test(text.slice(letter, start))) break;
    start = letter;
  }
  const key = text.slice(start).replace(/^[ \-/]+/u, "");
  return /^.{2}/u.test(key) ? key : undefined;
}

function unquote(value: string): string {
  if (!(value.startsWith('"') && value.endsWith('"') && value.length > 1)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
