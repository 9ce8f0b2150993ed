/** @file The settings of an X/Y/Z plot: txt2img's, the axes that vary one to three of them, and the grid's. A1111's names and defaults. */
import { z } from "zod";
import { XYZ_AXIS_TYPES, XYZ_NOTHING, type XyzAxisType } from "./axis-table.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";

const axisType = (title: string, standard: XyzAxisType = XYZ_NOTHING) =>
  z.enum(XYZ_AXIS_TYPES).default(standard).meta({ title });
const axisValues = (title: string) => z.string().max(10_000).default("").meta({ title });

/** The script's own fields. */
export const XyzAxesSchema = z.object({
  xType: axisType("X type"),
  xValues: axisValues("X values"),
  yType: axisType("Y type"),
  yValues: axisValues("Y values"),
  zType: axisType("Z type"),
  zValues: axisValues("Z values"),
  xyzEmbedding: z.string().max(200).default("").meta({
    title: "Embedding",
    description: "The embedding whose weight varies, or that training copies replace in the prompt",
  }),
  drawLegend: z.boolean().default(true).meta({ title: "Draw legend" }),
  keepRandomSeeds: z.boolean().default(false).meta({
    title: "Keep -1 for seeds",
    description: "Every picture then has its own seed",
  }),
  includeSubGrids: z.boolean().default(false).meta({
    title: "Include Sub Grids",
    description: "Saves a separate grid for every Z value too",
  }),
  marginSize: z.number().int().min(0).max(500).default(0).meta({ title: "Grid margins", unit: "px" }),
});
export type XyzAxes = z.infer<typeof XyzAxesSchema>;

/** Batch count and batch size have no effect: a plot has one picture for each combination of values. */
export const XyzPlotSettingsSchema = z.object({ ...Txt2imgSettingsSchema.shape, ...XyzAxesSchema.shape });
export type XyzPlotSettings = z.infer<typeof XyzPlotSettingsSchema>;
