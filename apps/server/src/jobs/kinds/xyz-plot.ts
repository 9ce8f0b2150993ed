/** @file The server's part of an X/Y/Z plot: its check and its context. */
import { planXyzPlot, plotAsDrawing } from "@lexeme/domain/plot";
import { drawingContext } from "./drawing-context.ts";
import type { ServerJob } from "../server-job.ts";
import { validateXyzPlot, xyzContext } from "./xyz-plot-parts.ts";
import { validateTxt2img } from "./txt2img.ts";

export const xyzPlotJob: ServerJob<"xyz-plot"> = {
  async validate(settings, sources) {
    const { enable_prompt_comments: comments } = sources.settings.options;
    // A plot draws one picture at a time, whatever the batch size is, and makes a grid of all its pictures.
    const { nIter, batchSize, cfgScale } = plotAsDrawing(settings, planXyzPlot(settings));
    const checkpoint = await validateTxt2img({ ...settings, nIter, batchSize, cfgScale }, sources);
    await validateXyzPlot(settings, sources, { comments });
    return checkpoint;
  },
  async context(job, sources) {
    const [drawing, xyz] = await Promise.all([drawingContext(job, sources), xyzContext(job.settings, sources)]);
    return { ...drawing, xyz };
  },
};
