/** @file Draws a dashed line where the learning rate changes, with the new rate above it as far as there is room, and an arrow for each loss above the chart. */
import type UPlot from "uplot";
import { rateText } from "../../schedule/schedule-outline.ts";
import type { LossSeries, RateChange } from "./loss-series.ts";

/** A label as it stands above the chart, in pixels. */
export interface PlacedLabel {
  text: string;
  left: number;
}

export interface LabelRoom {
  /** Pixels of a text. */
  widthOf: (text: string) => number;
  /** The first pixel that no label may reach. */
  end: number;
  /** Pixels between two labels. */
  gap: number;
}

/** Places the labels from right to left, each at its own line, or left of it at the end of the room. A label without room is left out: the newest rate counts most. */
export function placeLabels(
  changes: readonly { text: string; at: number }[],
  { widthOf, end, gap }: LabelRoom,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  let free = end;
  for (const { text, at } of changes.toReversed()) {
    const width = widthOf(text);
    const left = Math.min(at, end - width);
    if (left + width > free) continue;
    placed.unshift({ text, left });
    free = left - gap;
  }
  return placed;
}

export function drawRateChanges(plot: UPlot, look: { series: LossSeries; color: (name: string) => string }): void {
  const { ctx, bbox } = plot;
  const pixels = window.devicePixelRatio;
  const lineOf = ({ step }: RateChange) => Math.round(plot.valToPos(step, "x", true));
  const changes = look.series.rateChanges
    .map((change) => ({ at: lineOf(change), text: rateText(Number(change.rate.toPrecision(3))) }))
    .filter(({ at }) => at >= bbox.left && at <= bbox.left + bbox.width);
  ctx.save();
  ctx.font = `${11 * pixels}px system-ui, sans-serif`;
  ctx.strokeStyle = look.color("--chart-rate");
  ctx.fillStyle = look.color("--chart-text");
  ctx.textAlign = "left";
  ctx.lineWidth = pixels;
  ctx.setLineDash([4 * pixels, 4 * pixels]);
  for (const { at } of changes) {
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
  }
  const room = { widthOf: (text: string) => ctx.measureText(text).width, end: ctx.canvas.width, gap: 8 * pixels };
  for (const { text, left } of placeLabels(changes, room)) ctx.fillText(text, left, bbox.top - 6 * pixels);
  ctx.restore();
}

/** Arrows at the upper edge, for raw losses above the range of the axis. */
export function drawHigherLosses(plot: UPlot, look: { series: LossSeries; color: (name: string) => string }): void {
  const { ctx, bbox, scales } = plot;
  const { steps, losses } = look.series;
  const from = scales["x"]?.min ?? -Infinity;
  const to = scales["x"]?.max ?? Infinity;
  const top = scales["y"]?.max ?? Infinity;
  const pixels = window.devicePixelRatio;
  ctx.save();
  ctx.fillStyle = look.color("--chart-rate");
  for (const [i, loss] of losses.entries()) {
    const step = steps[i]!;
    if (!(loss > top) || step < from || step > to) continue;
    const x = Math.round(plot.valToPos(step, "x", true));
    ctx.beginPath();
    ctx.moveTo(x - 4 * pixels, bbox.top + 7 * pixels);
    ctx.lineTo(x + 4 * pixels, bbox.top + 7 * pixels);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}
