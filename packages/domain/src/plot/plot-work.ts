/** @file A plot as a txt2img of as much work, for what foretells time and memory. */
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { xyzCells, xyzCellSettings, type XyzPlan } from "./xyz-plan.ts";
import type { XyzPlotSettings } from "./xyz-plot-settings.ts";

/** One picture for each cell, of as many steps as they have on average, guided if one of them is. */
export function plotAsDrawing(settings: XyzPlotSettings, plan: XyzPlan): Txt2imgSettings {
  const cells = xyzCells(plan).map((cell) => xyzCellSettings(settings, plan, cell).settings);
  return {
    ...xyzCellSettings(settings, plan, { x: 0, y: 0, z: 0 }).settings,
    steps: cells.reduce((sum, { steps }) => sum + steps, 0) / cells.length,
    cfgScale: Math.max(...cells.map(({ cfgScale }) => cfgScale)),
    nIter: cells.length,
  };
}
