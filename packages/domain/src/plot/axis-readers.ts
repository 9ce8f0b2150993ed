/** @file Reads the values of an axis. Each reader throws LexemeError `XYZ_VALUE_UNREADABLE` with the field in `details.field`. */
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import type { z } from "zod";
import { beyondSlider } from "../settings/setting.ts";
import type { Seed } from "../settings/seed-field.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { unreadable, type AxisReading } from "./axis-row.ts";
import { expandNumbers, expandSeeds, type UnreadableValue } from "./axis-values.ts";
import { mentionsEmbedding } from "./embedding-weight.ts";

/** The most pictures of a plot: at five seconds each, twenty minutes. */
export const XYZ_MAX_CELLS = 256;

type Parts = readonly string[];

export function readTexts(parts: Parts): string[] {
  return parts.filter((part) => part !== "");
}

function readNumbers(parts: Parts, kind: "integer" | "decimal", { field }: AxisReading): number[] {
  const numbers = expandNumbers(parts, { kind, most: XYZ_MAX_CELLS });
  if ("unreadable" in numbers) throw notNumbers(numbers, kind === "integer" ? "a whole number" : "a number", field);
  return numbers;
}

/** A reader of numbers that must be valid values of the setting. */
export function readNumbersOf(setting: "steps" | "cfgScale", kind: "integer" | "decimal") {
  return (parts: Parts, reading: AxisReading): number[] =>
    requireUsable(readNumbers(parts, kind, reading), setting, reading);
}

export function readSeeds(parts: Parts, reading: AxisReading): Seed[] {
  const seeds = expandSeeds(parts, { most: XYZ_MAX_CELLS });
  if ("unreadable" in seeds) throw notNumbers(seeds, "a whole number", reading.field);
  return requireUsable(seeds, "seed", reading);
}

export function readSamplers(parts: Parts, { field }: AxisReading): string[] {
  return readTexts(parts).map((text) => {
    const name = SAMPLER_NAMES.find((one) => one.toLowerCase() === text.toLowerCase());
    if (name !== undefined) return name;
    throw unreadable(`There is no sampler "${text}": choose one of ${SAMPLER_NAMES.join(", ")}`, field);
  });
}

/** The first value is the text to search for. One variant of the prompts, after the earlier axes have changed them, must contain it. */
export function readReplacements(parts: Parts, { field, settings, earlierWords }: AxisReading): string[] {
  const [wanted] = parts;
  if (wanted === undefined) return [];
  if (wanted === "") throw unreadable("The first value is the text to replace in the prompt, and it is empty", field);
  const texts = [settings.prompt, settings.negativePrompt, ...earlierWords];
  if (texts.some((text) => text.includes(wanted))) return [...parts];
  throw unreadable(`Neither the prompt nor the negative prompt holds "${wanted}", the text to replace`, field);
}

/** Refuses emphasis modes in which all pictures would be the same, or the weight would be read as words. */
export function readWeights(parts: Parts, reading: AxisReading): number[] {
  requireEmbedding(reading);
  const { emphasis } = reading.settings;
  if (emphasis === "None" || emphasis === "Ignore") {
    const message = `Emphasis mode "${emphasis}" ignores weights: choose Original or No norm`;
    throw unreadable(message, reading.field);
  }
  return readNumbers(parts, "decimal", reading);
}

/** Reads steps of training copies. */
export function readCopySteps(parts: Parts, reading: AxisReading): number[] {
  requireEmbedding(reading);
  return readNumbers(parts, "integer", reading);
}

function notNumbers({ unreadable: part }: UnreadableValue, what: string, field: string) {
  return unreadable(`"${part}" is not ${what} or a range such as 1-5, 1-10 (+2) or 1-10 [5]: correct it`, field);
}

function requireUsable<T extends string | number>(
  values: T[],
  setting: "seed" | "steps" | "cfgScale",
  { field }: AxisReading,
): T[] {
  const schema = Txt2imgSettingsSchema.shape[setting];
  for (const value of values) {
    const beyond = beyondSlider(schema, value);
    const issue = schema.safeParse(value).error?.issues[0];
    const reason = issue ? issueText(issue) : beyond && boundText(beyond);
    if (reason === undefined) continue;
    throw unreadable(`${value} cannot be used as ${schema.meta()?.title ?? setting}: ${reason}`, field);
  }
  return values;
}

/** A schema's own sentence, or a sentence about the bound that the value passes. */
function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small") return boundText({ side: "min", bound: Number(issue.minimum) });
  if (issue.code === "too_big") return boundText({ side: "max", bound: Number(issue.maximum) });
  return issue.message;
}

function boundText({ side, bound }: { side: "min" | "max"; bound: number }): string {
  return `it must be ${side === "min" ? "at least" : "at most"} ${bound}`;
}

function requireEmbedding({ settings: { xyzEmbedding, prompt, negativePrompt } }: AxisReading): void {
  if (xyzEmbedding === "") throw unreadable("Choose the embedding that varies", "xyzEmbedding");
  if (mentionsEmbedding(prompt, xyzEmbedding) || mentionsEmbedding(negativePrompt, xyzEmbedding)) return;
  throw unreadable(
    `Neither the prompt nor the negative prompt holds the embedding "${xyzEmbedding}": write it there`,
    "xyzEmbedding",
  );
}
