export {
  XYZ_AXIS_TYPES,
  XyzAxesSchema,
  XyzPlotSettingsSchema,
  type XyzAxes,
  type XyzAxisType,
  type XyzPlotSettings,
} from "./xyz-plot-settings.ts";
export {
  MAX_GRID_PIXELS,
  planXyzPlot,
  xyzCells,
  xyzCellSettings,
  xyzLabel,
  XYZ_AXIS_NAMES,
  type XyzAxis,
  type XyzCell,
  type XyzPlan,
} from "./xyz-plan.ts";
export { plotAsDrawing } from "./plot-work.ts";
