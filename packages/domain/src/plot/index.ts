export { axisRow, XYZ_AXIS_TYPES, XYZ_NOTHING, type XyzAxisType } from "./axis-table.ts";
export type { AxisFiles } from "./axis-row.ts";
export { XyzAxesSchema, XyzPlotSettingsSchema, type XyzAxes, type XyzPlotSettings } from "./xyz-plot-settings.ts";
export {
  axesWhere,
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
export { XYZ_SCRIPT } from "./script-name.ts";
