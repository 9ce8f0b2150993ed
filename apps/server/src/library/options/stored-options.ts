/** @file Options as a file keeps them: those that fit, and those that cannot be taken, with the reason. */
import { OPTION_NAMES, OptionsSchema, type OptionName, type Options } from "@lexeme/domain/options";
import type { OptionsState } from "@lexeme/protocol";
import { z } from "zod";
import { issueSentence } from "../../plugins/schema-issue.ts";
import type { Entries } from "./json-file.ts";

export type OptionNotTaken = OptionsState["notTaken"][number];

/** Characters of a value that are shown; a file can hold anything. */
const SHOWN_CHARACTERS = 80;

/** What is no option of ours is passed over, and so is null, which says nothing. */
export function readOptions(entries: Entries): { options: Partial<Options>; notTaken: OptionNotTaken[] } {
  const options: Record<string, unknown> = {};
  const notTaken: OptionNotTaken[] = [];
  for (const name of OPTION_NAMES) {
    const value = entries[name] ?? undefined;
    if (value === undefined) continue;
    const read = readOption(name, value);
    if (read.success) options[name] = read.data;
    else {
      const reason = issueSentence(read.error.issues[0]!, name);
      notTaken.push({ name, value: JSON.stringify(value).slice(0, SHOWN_CHARACTERS), reason });
    }
  }
  return { options, notTaken };
}

/** The value itself, or what it plainly stands for; what is refused is refused for the value as it is written. */
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

/** A number or a truth value as text, 1 and 0 as truth values, a number for a text, a name in capitals. */
function meanings(value: unknown): unknown[] {
  if (typeof value === "number") return [String(value), ...(value === 0 || value === 1 ? [value === 1] : [])];
  if (typeof value !== "string") return [];
  const text = value.trim().toLowerCase();
  const isTruth = text === "true" || text === "false";
  const isNumber = text !== "" && Number.isFinite(Number(text));
  return [...(isTruth ? [text === "true"] : []), ...(isNumber ? [Number(text)] : []), text];
}
