/** @file Every row of the table is consistent: its example can be read, put into a cell and labelled. */
import { describe, expect, test } from "vitest";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { axisRow, XYZ_AXIS_TYPES, XYZ_NOTHING } from "./axis-table.ts";
import { planXyzPlot, xyzCells, xyzCellSettings, xyzLabel } from "./xyz-plan.ts";
import { XyzPlotSettingsSchema } from "./xyz-plot-settings.ts";

describe.each(XYZ_AXIS_TYPES)("%s", (xType) => {
  const { example, isEmpty, fill, files } = axisRow(xType);
  // As a user writes them: "or" separates two ways of writing.
  const xValues = example.replaceAll(" or ", ", ");
  const settings = XyzPlotSettingsSchema.parse({ prompt: "a cat, mira", xyzEmbedding: "mira", xType, xValues });

  test("its example makes cells with settings for a picture, each with its own label", () => {
    const plan = planXyzPlot(settings);
    const cells = xyzCells(plan).map((cell) => xyzCellSettings(settings, plan, cell));
    expect(cells.length).toBeGreaterThan(isEmpty === true ? 0 : 1);
    for (const cell of cells) expect(Txt2imgSettingsSchema.parse(cell.settings)).toEqual(cell.settings);
    const different = new Set(cells.map((cell) => JSON.stringify(cell))).size;
    const labels = plan.x.values.map((value) => xyzLabel(plan.x, value, "mira"));
    expect(new Set(labels).size).toBe(different);
    expect(labels.every((label) => label !== "")).toBe(isEmpty !== true);
  });

  test("its button fills in the row's own values or files", () => {
    expect(fill === undefined || fill.values !== undefined || files !== undefined).toBe(true);
  });
});

test("a value beyond its setting's bounds is refused with the bound", () => {
  const plan = (xValues: string) => () =>
    planXyzPlot(XyzPlotSettingsSchema.parse({ prompt: "a", xType: "Steps", xValues }));
  expect(plan("-3")).toThrow("-3 cannot be used as Sampling steps: it must be at least 1");
  expect(plan("151")).toThrow("151 cannot be used as Sampling steps: it must be at most 150");
});

test("only one type varies nothing", () => {
  expect(XYZ_AXIS_TYPES.filter((type) => axisRow(type).isEmpty)).toEqual([XYZ_NOTHING]);
});
