/** @file The plan of an X/Y/Z plot: the parsed axes, the cells in order, and the settings of each cell. Every error names its field. */
import { LexemeError } from "@lexeme/core";
import { hiresSize } from "../settings/hires-size.ts";
import { effectiveSize } from "../settings/size-field.ts";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { XYZ_MAX_CELLS } from "./axis-readers.ts";
import { unreadable, type AxisRow, type AxisValue } from "./axis-row.ts";
import { axisRow, type XyzAxisType } from "./axis-table.ts";
import { splitValues } from "./axis-values.ts";
import type { XyzPlotSettings } from "./xyz-plot-settings.ts";

/** The most pixels of a grid, A1111's `img_max_size_mp`: 600 MB of memory while it is made. */
export const MAX_GRID_PIXELS = 200e6;

type AxisName = "x" | "y" | "z";
/** The axes in the order in which their values are applied. */
export const XYZ_AXIS_NAMES = ["x", "y", "z"] as const satisfies readonly AxisName[];

export interface XyzAxis {
  readonly name: AxisName;
  readonly type: XyzAxisType;
  /** The values as they were typed. */
  readonly text: string;
  /** At least one value; one empty text for an axis that varies nothing. Seeds are texts of digits. */
  readonly values: readonly AxisValue[];
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

/** The axes whose rows fit. */
export function axesWhere(plan: XyzPlan, fits: (row: AxisRow) => boolean): XyzAxis[] {
  return XYZ_AXIS_NAMES.map((name) => plan[name]).filter(({ type }) => fits(axisRow(type)));
}

/** All cells in the order of drawing: row by row as in A1111, except that a slow axis changes least often. */
export function xyzCells(plan: XyzPlan): XyzCell[] {
  const isSlow = (name: AxisName): number => (axisRow(plan[name].type).isSlow ? 1 : 0);
  const order = (["z", "y", "x"] as const).toSorted((a, b) => isSlow(b) - isSlow(a));
  let cells: XyzCell[] = [{ x: 0, y: 0, z: 0 }];
  for (const name of order) {
    cells = cells.flatMap((cell) => plan[name].values.map((_, i) => ({ ...cell, [name]: i })));
  }
  return cells;
}

/** The txt2img settings of a cell, and its training copy. */
export interface XyzCellSettings {
  readonly settings: Txt2imgSettings;
  /** Step of the training copy that replaces the embedding; undefined if no axis varies copies. */
  readonly copyStep: number | undefined;
}

/** The settings of one cell, with the values applied axis by axis. `checkpoint` is a value of the axis as it was typed. */
export function xyzCellSettings(settings: XyzPlotSettings, plan: XyzPlan, cell: XyzCell): XyzCellSettings {
  let varied: Txt2imgSettings = { ...drawingSettings(settings), nIter: 1, batchSize: 1 };
  let copyStep: number | undefined;
  for (const name of XYZ_AXIS_NAMES) {
    const { type, values } = plan[name];
    const value = values[cell[name]];
    if (value === undefined) throw new RangeError(`axis ${name} has no value ${cell[name]}`);
    const change = axisRow(type).apply(value, { settings: varied, values, embedding: settings.xyzEmbedding });
    varied = { ...varied, ...change.settings };
    copyStep = change.copyStep ?? copyStep;
  }
  return { settings: varied, copyStep };
}

/** The label of a value, as in A1111: a number after the axis' name, a text by itself, a checkpoint without its folder. */
export function xyzLabel({ type }: Pick<XyzAxis, "type">, value: AxisValue, embedding: string): string {
  return axisRow(type).label(value, embedding);
}

const DRAWING_FIELDS: ReadonlySet<string> = new Set(Object.keys(Txt2imgSettingsSchema.shape));

/** The settings without the fields of the plot. */
function drawingSettings(settings: XyzPlotSettings): Txt2imgSettings {
  const fields = Object.entries(settings).filter(([name]) => DRAWING_FIELDS.has(name));
  return Object.fromEntries(fields) as Txt2imgSettings;
}

function readAxis(name: AxisName, settings: XyzPlotSettings): XyzAxis {
  const type = settings[`${name}Type`];
  const row = axisRow(type);
  const [field, text] = [`${name}Values` as const, row.isEmpty ? "" : settings[`${name}Values`]];
  const values = row.read(splitValues(text), { field, settings, earlierWords: wordsBefore(name, settings) });
  if (values.length > 0) return { name, type, text, values };
  throw unreadable(
    `${name.toUpperCase()} has no values: write values with commas between them, or choose Nothing`,
    field,
  );
}

/** The words that the earlier axes put into the prompts. Axes are applied in order, so later words cannot be replaced. */
function wordsBefore(name: AxisName, settings: XyzPlotSettings): string[] {
  const earlier = XYZ_AXIS_NAMES.slice(0, XYZ_AXIS_NAMES.indexOf(name));
  return earlier
    .filter((one) => axisRow(settings[`${one}Type`]).areWords)
    .flatMap((one) => splitValues(settings[`${one}Values`]));
}

function requirePossibleSize(settings: XyzPlotSettings, plan: XyzPlan): void {
  const axes = XYZ_AXIS_NAMES.map((name) => plan[name]);
  const cells = axes.reduce((count, { values }) => count * values.length, 1);
  const { name } = axes.reduce((longest, axis) => (axis.values.length > longest.values.length ? axis : longest));
  const field = `${name}Values`;
  if (cells > XYZ_MAX_CELLS) {
    // Reading stops just above the limit, so a longer list has no exact count.
    const isCounted = axes.every(({ values }) => values.length <= XYZ_MAX_CELLS);
    const count = isCounted ? cells : `more than ${XYZ_MAX_CELLS}`;
    throw tooLarge(`A plot has at most ${XYZ_MAX_CELLS} pictures, and this plot has ${count}: use fewer values`, field);
  }
  const { width, height } = settings.enableHr ? hiresSize(settings).final : settings;
  const pixels = cells * (effectiveSize(width) + settings.marginSize) * (effectiveSize(height) + settings.marginSize);
  if (pixels > MAX_GRID_PIXELS) {
    const megapixels = Math.round(pixels / 1e6);
    throw tooLarge(
      `The grid would have ${megapixels} megapixels, and at most 200 are possible: use fewer values or smaller pictures`,
      field,
    );
  }
}

function tooLarge(message: string, field: string): LexemeError {
  return new LexemeError("XYZ_TOO_LARGE", message, { details: { field } });
}
