/** @file What an X/Y/Z plot draws: the parsed axes, its cells in order, and the settings of each. Every fault names the field that it is in. */
import { LexemeError } from "@lexeme/core";
import { hiresSize } from "../settings/hires-size.ts";
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import type { Seed } from "../settings/seed-field.ts";
import { effectiveSize } from "../settings/size-field.ts";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { expandNumbers, expandSeeds, splitValues, type UnreadableValue } from "./axis-values.ts";
import { mentionsEmbedding, withEmbeddingWeight } from "./embedding-weight.ts";
import type { XyzAxisType, XyzPlotSettings } from "./xyz-plot-settings.ts";

/** The most pictures of a plot: at five seconds each, twenty minutes. */
export const XYZ_MAX_CELLS = 256;
/** The most pixels of a grid, A1111's `img_max_size_mp`: 600 MB while it is made. */
export const MAX_GRID_PIXELS = 200e6;

type AxisName = "x" | "y" | "z";
export const XYZ_AXIS_NAMES = ["x", "y", "z"] as const satisfies readonly AxisName[];

export interface XyzAxis {
  readonly name: AxisName;
  readonly type: XyzAxisType;
  /** As typed. */
  readonly text: string;
  /** At least one; for "Nothing" one empty text. Seeds are digits, and can be -1. */
  readonly values: readonly (string | number)[];
}

export type XyzPlan = Readonly<Record<AxisName, XyzAxis>>;

/** A cell's place on each axis. */
export type XyzCell = Readonly<Record<AxisName, number>>;

/** Reads all three axes. Throws LexemeError `XYZ_VALUE_UNREADABLE` or `XYZ_TOO_LARGE` with `details.field`. */
export function planXyzPlot(settings: XyzPlotSettings): XyzPlan {
  const plan = { x: readAxis("x", settings), y: readAxis("y", settings), z: readAxis("z", settings) };
  requirePossibleSize(settings, plan);
  return plan;
}

/** All cells in the order of drawing: what is slow to change, the checkpoint, changes least; else row by row as A1111. */
export function xyzCells(plan: XyzPlan): XyzCell[] {
  const isSlow = (name: AxisName): number => (plan[name].type === "Checkpoint name" ? 1 : 0);
  const order = (["z", "y", "x"] as const).toSorted((a, b) => isSlow(b) - isSlow(a));
  let cells: XyzCell[] = [{ x: 0, y: 0, z: 0 }];
  for (const name of order) {
    cells = cells.flatMap((cell) => plan[name].values.map((_, i) => ({ ...cell, [name]: i })));
  }
  return cells;
}

/** What a cell needs besides txt2img's settings. */
export interface XyzCellSettings {
  readonly settings: Txt2imgSettings;
  /** Steps of the training copy that stands for the embedding; undefined where no axis says so. */
  readonly copyStep: number | undefined;
}

/** The settings of one cell, values put in axis by axis. `checkpoint` is a value of the axis as it was typed. */
export function xyzCellSettings(settings: XyzPlotSettings, plan: XyzPlan, cell: XyzCell): XyzCellSettings {
  let varied: Txt2imgSettings = { ...Txt2imgSettingsSchema.parse(settings), nIter: 1, batchSize: 1 };
  let copyStep: number | undefined;
  for (const name of XYZ_AXIS_NAMES) {
    const axis = plan[name];
    const value = axis.values[cell[name]];
    if (value === undefined) throw new RangeError(`axis ${name} has no value ${cell[name]}`);
    if (axis.type === "Training copy") copyStep = Number(value);
    else varied = { ...varied, ...changesOf(axis, value, { varied, embedding: settings.xyzEmbedding }) };
  }
  return { settings: varied, copyStep };
}

/** How a value is labelled, A1111's way: the label before a number, a text by itself, a checkpoint without its folder. */
export function xyzLabel({ type }: Pick<XyzAxis, "type">, value: string | number, embedding: string): string {
  switch (type) {
    case "Nothing":
      return "";
    case "Seed":
    case "Steps":
    case "CFG Scale":
      return `${type}: ${value}`;
    case "Prompt S/R":
    case "Sampler":
      return String(value);
    case "Checkpoint name":
      return String(value).split(/[/\\]/u).at(-1) ?? "";
    case "Embedding weight":
      return `${embedding}: ${value}`;
    case "Training copy":
      return `${embedding}-${value}`;
  }
}

function changesOf(
  { type, values }: XyzAxis,
  value: string | number,
  { varied, embedding }: { varied: Txt2imgSettings; embedding: string },
): Partial<Txt2imgSettings> {
  const { prompt, negativePrompt, hrPrompt, hrNegativePrompt } = varied;
  switch (type) {
    case "Nothing":
    case "Training copy":
      return {};
    case "Seed":
      return { seed: value as Seed };
    case "Steps":
      return { steps: Number(value) };
    case "CFG Scale":
      return { cfgScale: Number(value) };
    case "Sampler":
      return { samplerName: value as Txt2imgSettings["samplerName"] };
    case "Checkpoint name":
      return { checkpoint: String(value) };
    case "Prompt S/R": {
      const replace = (text: string): string => text.replaceAll(String(values[0]), () => String(value));
      return { prompt: replace(prompt), negativePrompt: replace(negativePrompt) };
    }
    case "Embedding weight": {
      const weighted = (text: string): string => withEmbeddingWeight(text, embedding, Number(value));
      return {
        prompt: weighted(prompt),
        negativePrompt: weighted(negativePrompt),
        // A1111 knows no such axis, and a second pass with the weight as it was would hide what varies.
        hrPrompt: weighted(hrPrompt),
        hrNegativePrompt: weighted(hrNegativePrompt),
      };
    }
  }
}

function readAxis(name: AxisName, settings: XyzPlotSettings): XyzAxis {
  const [type, text] = [settings[`${name}Type`], settings[`${name}Values`]];
  if (type === "Nothing") return { name, type, text: "", values: [""] };
  const values = readValues(type, text, { field: `${name}Values`, settings });
  if (values.length === 0) {
    throw unreadable(
      `${name.toUpperCase()} has no values: write some, parted by commas, or choose Nothing`,
      `${name}Values`,
    );
  }
  return { name, type, text, values };
}

interface Reading {
  readonly field: string;
  readonly settings: XyzPlotSettings;
}

function readValues(type: XyzAxisType, text: string, reading: Reading): (string | number)[] {
  const { field, settings } = reading;
  const parts = splitValues(text);
  switch (type) {
    case "Nothing":
      return [""];
    case "Seed":
      return readSeeds(parts, field);
    case "Steps":
      return readNumbers(parts, { ...reading, setting: "steps", kind: "integer" });
    case "CFG Scale":
      return readNumbers(parts, { ...reading, setting: "cfgScale", kind: "decimal" });
    case "Sampler":
      return parts.filter((part) => part !== "").map((part) => samplerNamed(part, field));
    case "Checkpoint name":
      return parts.filter((part) => part !== "");
    case "Prompt S/R":
      return requireInPrompt(parts, reading);
    case "Embedding weight":
      requireEmbedding(settings);
      requireWeights(settings, field);
      return readNumbers(parts, { ...reading, kind: "decimal" });
    case "Training copy":
      requireEmbedding(settings);
      return readNumbers(parts, { ...reading, kind: "integer" });
  }
}

function readNumbers(
  parts: readonly string[],
  { field, kind, setting }: { field: string; kind: "integer" | "decimal"; setting?: "steps" | "cfgScale" },
): number[] {
  const numbers = expandNumbers(parts, { kind, most: XYZ_MAX_CELLS });
  if ("unreadable" in numbers)
    throw notNumbers(numbers, { what: kind === "integer" ? "a whole number" : "a number", field });
  return setting === undefined ? numbers : requireUsable(numbers, { setting, field });
}

function readSeeds(parts: readonly string[], field: string): Seed[] {
  const seeds = expandSeeds(parts, { most: XYZ_MAX_CELLS });
  if ("unreadable" in seeds) throw notNumbers(seeds, { what: "a whole number", field });
  return requireUsable(seeds, { setting: "seed", field });
}

function notNumbers({ unreadable: part }: UnreadableValue, { what, field }: { what: string; field: string }) {
  return unreadable(`"${part}" is not ${what}, nor a range such as 1-5, 1-10 (+2) or 1-10 [5]: correct it`, field);
}

function requireUsable<T extends string | number>(
  values: T[],
  { setting, field }: { setting: "seed" | "steps" | "cfgScale"; field: string },
): T[] {
  for (const value of values) {
    const parsed = Txt2imgSettingsSchema.shape[setting].safeParse(value);
    if (parsed.success) continue;
    const { title } = Txt2imgSettingsSchema.shape[setting].meta() ?? {};
    throw unreadable(`${value} cannot be used as ${title ?? setting}: ${parsed.error.issues[0]?.message ?? ""}`, field);
  }
  return values;
}

function samplerNamed(text: string, field: string): string {
  const name = SAMPLER_NAMES.find((one) => one.toLowerCase() === text.toLowerCase());
  if (name === undefined)
    throw unreadable(`There is no sampler "${text}": choose one of ${SAMPLER_NAMES.join(", ")}`, field);
  return name;
}

/** The first value is what is searched for, in the prompts as the axes before have made them: in one of their variants it has to be. */
function requireInPrompt(parts: string[], { field, settings }: Reading): string[] {
  const [wanted] = parts;
  if (wanted === undefined) return [];
  if (wanted === "") throw unreadable("The first value is what is searched for in the prompt, and it is empty", field);
  const texts = [settings.prompt, settings.negativePrompt, ...earlierReplacements(field, settings)];
  if (texts.some((text) => text.includes(wanted))) return parts;
  throw unreadable(`Neither the prompt nor the negative prompt holds "${wanted}", which is to be replaced`, field);
}

/** Axes are put in one after the other, so that a later one's words are of no use to an earlier one. */
function earlierReplacements(field: string, settings: XyzPlotSettings): string[] {
  const earlier = XYZ_AXIS_NAMES.filter((name) => `${name}Values` < field);
  return earlier
    .filter((name) => settings[`${name}Type`] === "Prompt S/R")
    .flatMap((name) => splitValues(settings[`${name}Values`]));
}

function requireEmbedding({ xyzEmbedding, prompt, negativePrompt }: XyzPlotSettings): void {
  if (xyzEmbedding === "") throw unreadable("Choose the embedding that varies", "xyzEmbedding");
  if (mentionsEmbedding(prompt, xyzEmbedding) || mentionsEmbedding(negativePrompt, xyzEmbedding)) return;
  throw unreadable(
    `Neither the prompt nor the negative prompt holds the embedding "${xyzEmbedding}": write it there`,
    "xyzEmbedding",
  );
}

/** Modes of emphasis that would make all pictures alike, or the weight a word. */
function requireWeights({ emphasis }: XyzPlotSettings, field: string): void {
  if (emphasis !== "None" && emphasis !== "Ignore") return;
  throw unreadable(`Emphasis mode "${emphasis}" takes no notice of weights: choose Original or No norm`, field);
}

function requirePossibleSize(settings: XyzPlotSettings, plan: XyzPlan): void {
  const axes = XYZ_AXIS_NAMES.map((name) => plan[name]);
  const cells = axes.reduce((count, { values }) => count * values.length, 1);
  const { name } = axes.reduce((longest, axis) => (axis.values.length > longest.values.length ? axis : longest));
  const field = `${name}Values`;
  if (cells > XYZ_MAX_CELLS) {
    // Values are counted to just above the most.
    const isCounted = axes.every(({ values }) => values.length <= XYZ_MAX_CELLS);
    const count = isCounted ? cells : `more than ${XYZ_MAX_CELLS}`;
    throw tooLarge(`A plot has at most ${XYZ_MAX_CELLS} pictures, and this one has ${count}: take fewer values`, field);
  }
  const { width, height } = settings.enableHr ? hiresSize(settings).final : settings;
  const pixels = cells * (effectiveSize(width) + settings.marginSize) * (effectiveSize(height) + settings.marginSize);
  if (pixels > MAX_GRID_PIXELS) {
    const megapixels = Math.round(pixels / 1e6);
    throw tooLarge(
      `The grid would have ${megapixels} megapixels, and 200 are the most: take fewer values or smaller pictures`,
      field,
    );
  }
}

function unreadable(message: string, field: string): LexemeError {
  return new LexemeError("XYZ_VALUE_UNREADABLE", message, { details: { field } });
}

function tooLarge(message: string, field: string): LexemeError {
  return new LexemeError("XYZ_TOO_LARGE", message, { details: { field } });
}
