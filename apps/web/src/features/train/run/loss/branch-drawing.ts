/** @file Draws the other runs of a history behind the chart's own lines, and marks where a run continued from a copy. */
import type UPlot from "uplot";
import type { LossSeries } from "./loss-series.ts";

export interface Branches {
  /** Runs that the chart's own series does not contain. */
  others: readonly LossSeries[];
  /** Steps at which a run continued from a copy of the run before. */
  marks: readonly number[];
}

export const NO_BRANCHES: Branches = { others: [], marks: [] };

export function drawBranches(plot: UPlot, look: Branches & { color: (name: string) => string }): void {
  const { ctx, bbox } = plot;
  const pixels = window.devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = look.color("--chart-other");
  ctx.lineWidth = 1.5 * pixels;
  for (const { steps, smoothed } of look.others) {
    ctx.beginPath();
    for (const [i, step] of steps.entries()) {
      ctx.lineTo(plot.valToPos(step, "x", true), plot.valToPos(smoothed[i] ?? 0, "y", true));
    }
    ctx.stroke();
  }
  ctx.fillStyle = look.color("--chart-line");
  for (const mark of look.marks) {
    const x = Math.round(plot.valToPos(mark, "x", true));
    const bottom = bbox.top + bbox.height;
    ctx.beginPath();
    ctx.moveTo(x - 5 * pixels, bottom);
    ctx.lineTo(x + 5 * pixels, bottom);
    ctx.lineTo(x, bottom - 9 * pixels);
    ctx.fill();
  }
  ctx.restore();
}
