/** @file The kind of job that draws an X/Y/Z plot. */
import { XyzPlotSettingsSchema } from "../../plot/xyz-plot-settings.ts";
import { defineJob } from "../define-job.ts";
import type { DrawingContext } from "../drawing-context.ts";
import { promptTitle } from "../job-title.ts";
import type { CheckpointRef } from "../model-refs.ts";

export interface XyzPlotContext extends DrawingContext {
  /** The files that values of the axes stand for: checkpoints by the names on the axis, training copies by step. */
  xyz: { checkpoints: Record<string, CheckpointRef>; copies: Record<number, string> };
}

export const xyzPlot = defineJob<XyzPlotContext>()({
  kind: "xyz-plot",
  settings: XyzPlotSettingsSchema,
  lane: "device",
  list: "images",
  title: ({ prompt }) => `Plot: ${promptTitle(prompt)}`,
});
