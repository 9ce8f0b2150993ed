/** @file Turns a plot into a txt2img with the same amount of work, for predictions of time and memory. */
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { xyzCells, xyzCellSettings, type XyzPlan } from "./xyz-plan.ts";
import type { XyzPlotSettings } from "./xyz-plot-settings.ts";

/** One picture for each cell, with the cells' average number of steps, and with guidance if any cell has it. */
export function plotAsDrawing(settings: XyzPlotSettings, plan: XyzPlan): Txt2imgSettings {
  const cells = xyzCells(plan).map((cell) => xyzCellSettings(settings, plan, cell).settings);
  return {
    ...xyzCellSettings(settings, plan, { x: 0, y: 0, z: 0 }).settings,
    steps: cells.reduce((sum, { steps }) => sum + steps, 0) / cells.length,
    cfgScale: Math.max(...cells.map(({ cfgScale }) => cfgScale)),
    nIter: cells.length,
  };
}
