/** @file A plot as a txt2img of as much work, for what foretells time and memory. */
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { xyzCells, xyzCellSettings, XYZ_AXIS_NAMES, type XyzPlan } from "./xyz-plan.ts";
import type { XyzAxisType, XyzPlotSettings } from "./xyz-plot-settings.ts";

/** One picture for each cell, of as many steps as they have on average, guided if one of them is. */
export function plotAsDrawing(settings: XyzPlotSettings, plan: XyzPlan): Txt2imgSettings {
  const first = xyzCellSettings(settings, plan, { x: 0, y: 0, z: 0 }).settings;
  // A later axis of the same type is the one that counts.
  const numbersOf = (type: XyzAxisType): number[] | undefined =>
    XYZ_AXIS_NAMES.map((name) => plan[name])
      .findLast((axis) => axis.type === type)
      ?.values.map(Number);
  const steps = numbersOf("Steps") ?? [first.steps];
  const scales = numbersOf("CFG Scale") ?? [first.cfgScale];
  return {
    ...first,
    steps: steps.reduce((sum, one) => sum + one, 0) / steps.length,
    cfgScale: Math.max(...scales),
    nIter: xyzCells(plan).length,
  };
}
