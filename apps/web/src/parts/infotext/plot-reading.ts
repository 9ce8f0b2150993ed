/** @file Reads the plot from a grid's infotext. */
import { axisRow, XYZ_AXIS_NAMES, XYZ_AXIS_TYPES, XYZ_NOTHING, XYZ_SCRIPT, type XyzAxes } from "@lexeme/domain/plot";
import type { Infotext } from "@lexeme/domain/infotext";

/** The plot of a grid's infotext, with random seeds as they were drawn; null for any other text. Axes that Lexeme does not have become Nothing. */
export function plotFromInfotext({ parameters }: Pick<Infotext, "parameters">): Partial<XyzAxes> | null {
  if (parameters.get("Script") !== XYZ_SCRIPT) return null;
  const axes: Partial<XyzAxes> = { xyzEmbedding: parameters.get("XYZ embedding") ?? "" };
  for (const name of XYZ_AXIS_NAMES) {
    const letter = name.toUpperCase();
    const type = XYZ_AXIS_TYPES.find((one) => one === parameters.get(`${letter} Type`)) ?? XYZ_NOTHING;
    const { isEmpty, isRandom } = axisRow(type);
    const fixed = parameters.get(`Fixed ${letter} Values`);
    const values = fixed ?? parameters.get(`${letter} Values`) ?? "";
    Object.assign(axes, { [`${name}Type`]: type, [`${name}Values`]: isEmpty ? "" : values });
    if (isRandom !== undefined && fixed === undefined) axes.keepRandomSeeds = true;
  }
  return axes;
}

/** Whether `plotFromInfotext` reads this key. */
export function isPlotKey(key: string, infotext: Pick<Infotext, "parameters">): boolean {
  const plot = plotFromInfotext(infotext);
  if (plot === null) return false;
  const axis = /^(?:Fixed )?([XYZ]) (?:Type|Values)$/u.exec(key)?.[1]?.toLowerCase();
  const name = XYZ_AXIS_NAMES.find((one) => one === axis);
  return name === undefined ? key === "Script" || key === "XYZ embedding" : plot[`${name}Type`] !== XYZ_NOTHING;
}
