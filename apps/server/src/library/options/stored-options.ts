/** @file Reads options from the entries of a file: the valid options, and the invalid options with the reason. */
import {
  faultOfPlainOption,
  isWithoutEffect,
  OPTION_NAMES,
  OptionsSchema,
  type OptionName,
  type Options,
  type PlainOption,
} from "@lexeme/domain/options";
import type { OptionsState } from "@lexeme/protocol";
import { z } from "zod";
import { issueReason } from "../../plugins/schema-issue.ts";
import type { Entries } from "./json-file.ts";

export type OptionNotTaken = OptionsState["notTaken"][number];

/** The number of characters of a value that are shown, because a file can hold any value. */
const SHOWN_CHARACTERS = 80;

/** Entries that are not options of Lexeme are ignored, and so are entries with the value null. */
export function readOptions(entries: Entries): { options: Partial<Options>; notTaken: OptionNotTaken[] } {
  const options: Record<string, unknown> = {};
  const notTaken: OptionNotTaken[] = [];
  for (const name of OPTION_NAMES) {
    const value = entries[name] ?? undefined;
    if (value === undefined) continue;
    const read = readOption(name, value);
    if (read.success) options[name] = read.data;
    else {
      const reason = issueReason(read.error.issues[0]!);
      notTaken.push({ name, value: JSON.stringify(value).slice(0, SHOWN_CHARACTERS), reason });
    }
  }
  return { options, notTaken };
}

export type PlainOptions = Readonly<Record<string, PlainOption>>;

/** The entries of options without effect; values of another kind are ignored. */
export function readPlainOptions(entries: Entries): PlainOptions {
  const read = Object.entries(entries).filter(
    ([name, value]) => isWithoutEffect(name) && faultOfPlainOption(name, value) === undefined,
  );
  return Object.fromEntries(read) as PlainOptions;
}

/** The value itself, or the value that is clearly meant. The error of a refused value is about the value as it is written. */
function readOption(name: OptionName, value: unknown): z.ZodSafeParseResult<unknown> {
  const schema: z.ZodType = OptionsSchema.shape[name];
  const asWritten = schema.safeParse(value);
  if (asWritten.success) return asWritten;
  for (const meant of meanings(value)) {
    const parsed = schema.safeParse(meant);
    if (parsed.success) return parsed;
  }
  return asWritten;
}

/** The values that may be meant: a text for a number, true and false for 1 and 0 or for texts, a number for a text, and a text in lower case. */
function meanings(value: unknown): unknown[] {
  if (typeof value === "number") return [String(value), ...(value === 0 || value === 1 ? [value === 1] : [])];
  if (typeof value !== "string") return [];
  const text = value.trim().toLowerCase();
  const isTruth = text === "true" || text === "false";
  const isNumber = text !== "" && Number.isFinite(Number(text));
  return [...(isTruth ? [text === "true"] : []), ...(isNumber ? [Number(text)] : []), text];
}
