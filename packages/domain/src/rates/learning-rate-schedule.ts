/**
 * @file A1111's learning-rate grammar: `rate` or `rate:step` items with commas between them, such as `5e-2:100, 5e-3:500, 5e-6`.
 * `rate:step` holds while fewer than `step` steps are done; a bare rate, or `rate:-1`, holds until the end. Gradient clipping values have
 * the same grammar. Rates that cannot train (negative, NaN, infinite) are refused; A1111 accepts them.
 */
import { LexemeError } from "@lexeme/core";

/** A stretch with a constant rate: for `from <= steps done < to`. */
export interface LearningRateSegment {
  rate: number;
  from: number;
  to: number;
}

/** An effect of the schedule that its writer may not have intended. `position` is the item's place in the text, from 0. */
export interface LearningRateIssue {
  kind: "ignored" | "out-of-order" | "stops-early" | "zero-rate" | "large-rate" | "extra-colon";
  position: number;
  message: string;
}

export interface LearningRateSchedule {
  /** At least one segment, without gaps, from the step where training starts. */
  segments: LearningRateSegment[];
  /** The step where training ends; it can be before Max steps. */
  endStep: number;
  issues: LearningRateIssue[];
}

interface Item {
  text: string;
  position: number;
}

/** An item with its boundary; an undefined boundary means "until the end". */
interface RateItem extends Item {
  rate: number;
  boundary: number | undefined;
}

/** AdamW moves each number by about the rate in a step; those of CLIP's token table are mostly below 0.05. */
const LARGE_RATE = 1;

const EXAMPLE =
  "write a rate such as 0.005, or rates with the step at which each ends, such as 5e-2:100, 5e-3:500, 5e-4";

/**
 * Parses a schedule for training from `startStep` (the embedding's own step, 0 for a new embedding) to `maxSteps`, which should be later
 * (the first segment always has a step). Throws LexemeError `LEARNING_RATE_UNREADABLE`; `details.position` is the place of the wrong
 * character, from 0.
 */
export function parseLearningRateSchedule(
  text: string,
  maxSteps: number,
  { startStep = 0 }: { startStep?: number } = {},
): LearningRateSchedule {
  const issues: LearningRateIssue[] = [];
  const { rates, ignored } = readItems(splitItems(text));
  for (const item of rates.filter(hasExtraColon)) {
    issues.push(issue("extra-colon", item, `"${item.text}" holds until the end, because it has more than one colon`));
  }
  const live = rates.filter((item) => item.boundary === undefined || item.boundary > startStep);
  for (const item of rates) {
    if (item.boundary !== undefined && item.boundary <= 0) {
      issues.push(issue("ignored", item, `"${item.text}" has no effect, because its step is not after 0`));
    }
  }
  for (const item of ignored) {
    issues.push(issue("ignored", item, `"${item.text}" has no effect, because the rate before it holds until the end`));
  }
  const first = live[0];
  if (!first) throw nothingLeft(text, startStep);
  const segments: LearningRateSegment[] = [];
  let from = startStep;
  for (const item of live) {
    if (from >= maxSteps && segments.length > 0) {
      issues.push(issue("ignored", item, `"${item.text}" has no effect, because Max steps is ${maxSteps}`));
      continue;
    }
    const boundary = Math.min(item.boundary ?? maxSteps, maxSteps);
    if (item.rate === 0) issues.push(issue("zero-rate", item, zeroRate(item, text)));
    if (item.rate > LARGE_RATE) {
      const message = `"${item.text}" destroys the vectors: a step moves each of their numbers by about the rate, and they are far below 1`;
      issues.push(issue("large-rate", item, message));
    }
    if (segments.length > 0 && boundary <= from) {
      // A1111 takes the next item after every reached boundary, so an item whose boundary is already past lasts one step.
      const message = `"${item.text}" lasts one step only, because step ${boundary} is not after step ${from}: put the steps in rising order`;
      issues.push(issue("out-of-order", item, message));
    }
    const to = Math.max(boundary, from + 1);
    segments.push({ rate: item.rate, from, to });
    from = to;
  }
  if (from < maxSteps) {
    const message = `Training stops at step ${from}, before Max steps (${maxSteps}), because the last rate ends there`;
    issues.push(issue("stops-early", live.at(-1)!, message));
  }
  return { segments, endStep: from, issues: issues.toSorted((a, b) => a.position - b.position) };
}

/** The rate for the next step when `step` steps are done; undefined once the schedule has ended. */
export function rateAt({ segments }: Pick<LearningRateSchedule, "segments">, step: number): number | undefined {
  return segments.find((segment) => step >= segment.from && step < segment.to)?.rate;
}

/** In many languages the decimal sign is a comma. */
function zeroRate({ text }: Item, schedule: string): string {
  const [, digits] = /^\s*0,(\d+)\s*(?:[,:]|$)/u.exec(schedule) ?? [];
  const remedy = digits === undefined ? "" : `; write 0.${digits} with a dot, because a comma ends a rate`;
  return `"${text}" learns nothing, because its rate is 0${remedy}`;
}

/** The items between commas, without the white space around them; empty items, as after a last comma, are left out. */
function splitItems(text: string): Item[] {
  const items: Item[] = [];
  let at = 0;
  for (const raw of text.split(",")) {
    const trimmed = raw.trim();
    if (trimmed !== "") items.push({ text: trimmed, position: at + raw.indexOf(trimmed) });
    at += raw.length + 1;
  }
  if (items.length === 0) throw unreadable("The schedule is empty", { position: 0, part: "" });
  return items;
}

/** Reads up to the first item that holds until the end; later items are ignored, as in A1111. */
function readItems(items: Item[]): { rates: RateItem[]; ignored: Item[] } {
  const rates: RateItem[] = [];
  for (const [i, item] of items.entries()) {
    const colon = item.text.indexOf(":");
    const rate = readRate(colon < 0 ? item.text : item.text.slice(0, colon), item);
    // An item with two colons or more is a bare rate to A1111.
    const boundary = colon < 0 || hasExtraColon(item) ? undefined : readBoundary(item, colon + 1);
    rates.push({ ...item, rate, boundary });
    if (boundary === undefined) return { rates, ignored: items.slice(i + 1) };
  }
  return { rates, ignored: [] };
}

function hasExtraColon({ text }: Item): boolean {
  return text.split(":").length > 2;
}

/** Reads a Python float, which may have underscores between digits. Only a finite rate of 0 or more can train. */
function readRate(part: string, { position }: Item): number {
  const digits = part.trim().replace(/(?<=\d)_(?=\d)/gu, "");
  if (part.trim() === "") throw unreadable("A rate is missing", { position, part: "" });
  if (/^[+-]?(?:nan|inf|infinity)$/iu.test(digits))
    throw unreadable(`The rate "${digits}" cannot train`, { position, part });
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(digits)) {
    throw unreadable(`"${part.trim()}" is not a number`, { position, part });
  }
  const rate = Number(digits);
  if (rate < 0) throw unreadable(`The rate ${part.trim()} is negative`, { position, part });
  if (!Number.isFinite(rate)) throw unreadable(`The rate ${part.trim()} is too large`, { position, part });
  return rate;
}

/** Reads a Python int; -1 is "until the end". */
function readBoundary({ text, position }: Item, start: number): number | undefined {
  const raw = text.slice(start);
  const part = raw.trim();
  const at = position + start + Math.max(0, raw.indexOf(part));
  const digits = part.replace(/(?<=\d)_(?=\d)/gu, "");
  if (part === "") throw unreadable("The step after the colon is missing", { position: at, part });
  if (!/^[+-]?\d+$/u.test(digits)) throw unreadable(`The step "${part}" is not a whole number`, { position: at, part });
  const boundary = Number(digits);
  return boundary === -1 ? undefined : boundary;
}

function nothingLeft(text: string, startStep: number): LexemeError {
  const what =
    startStep > 0
      ? `The embedding has ${startStep} steps already, and every rate ends before that`
      : "Every rate ends before the first step";
  return unreadable(what, { position: 0, part: text.trim() });
}

function issue(kind: LearningRateIssue["kind"], { position }: Item, message: string): LearningRateIssue {
  return { kind, position, message };
}

function unreadable(what: string, { position, part }: { position: number; part: string }): LexemeError {
  return new LexemeError("LEARNING_RATE_UNREADABLE", `${what} (character ${position + 1}): ${EXAMPLE}`, {
    details: { position, part: part.trim() },
  });
}
