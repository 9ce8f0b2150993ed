/** @file How uPlot draws the loss: axes, colours from the theme, the rate's changes, the range of y. */
import type UPlot from "uplot";
import { drawBranches, type Branches } from "./branch-drawing.ts";
import type { LossSeries } from "./loss-series.ts";
import { rateText } from "../../schedule/schedule-outline.ts";

/** The values that the chart's hooks read. The component updates them without making a new chart. */
export interface LossChartReader {
  series: LossSeries;
  branches: Branches;
  onRead: (index: number | null) => void;
  /** True once the user chose a range; new points then leave it alone. */
  zoomed: boolean;
}

/** Share of the raw losses that must fit; a few outliers per hundred steps would otherwise flatten the trend. */
const SHOWN_QUANTILE = 0.985;

/** A logarithmic axis: uPlot's own enum has no value at run time, only this number. */
const LOG_SCALE = { distr: 3, log: 10 } as unknown as UPlot.Scale;

/** Number of losses from which the quantile is taken; more would cost time at every drawing and change nothing. */
const QUANTILE_SAMPLES = 2000;

export function lossChartOptions(
  element: HTMLElement,
  { logScale, reader }: { logScale: boolean; reader: LossChartReader },
): UPlot.Options {
  const color = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = (): UPlot.Axis => ({
    stroke: () => color("--chart-text"),
    grid: { stroke: () => color("--chart-grid"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  });
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [20, 28, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, dist: 4 }, points: { size: 7 } },
    scales: {
      x: { time: false },
      y: logScale ? LOG_SCALE : { range: (plot) => linearRange(reader.series, plot) },
    },
    axes: [
      { ...axis(), size: 28, space: 64, values: (_plot, steps) => steps.map((step) => step.toLocaleString("en")) },
      { ...axis(), size: 56, values: (_plot, losses) => losses.map((loss) => (loss === null ? "" : shortLoss(loss))) },
    ],
    series: [
      {},
      { label: "loss", stroke: () => color("--chart-raw"), width: 1, points: { show: false } },
      { label: "smoothed", stroke: () => color("--chart-line"), width: 2, points: { show: false } },
    ],
    hooks: {
      ready: [(plot) => plot.over.addEventListener("dblclick", () => void (reader.zoomed = false))],
      setSelect: [(plot) => void (reader.zoomed ||= plot.select.width > 0)],
      setCursor: [(plot) => reader.onRead(plot.cursor.idx ?? null)],
      drawAxes: [
        (plot) => drawBranches(plot, { ...reader.branches, color }),
        (plot) => drawRateChanges(plot, { series: reader.series, color }),
      ],
    },
  };
}

/** The range from 0 to a value that nearly all visible losses stay under. */
function linearRange(series: LossSeries, plot: UPlot): UPlot.Range.MinMax {
  const [first, last] = plot.series[0]?.idxs ?? [0, series.losses.length - 1];
  const every = Math.max(1, Math.floor((last - first + 1) / QUANTILE_SAMPLES));
  const sample: number[] = [];
  for (let i = first; i <= last; i += every) {
    const loss = series.losses[i];
    if (loss !== undefined && Number.isFinite(loss)) sample.push(loss);
  }
  sample.sort((a, b) => a - b);
  const top = sample[Math.floor((sample.length - 1) * SHOWN_QUANTILE)] ?? 1;
  return [0, top > 0 ? top * 1.08 : 1];
}

function drawRateChanges(plot: UPlot, look: { series: LossSeries; color: (name: string) => string }): void {
  const { ctx, bbox } = plot;
  const pixels = window.devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * pixels}px system-ui, sans-serif`;
  ctx.strokeStyle = look.color("--chart-rate");
  ctx.fillStyle = look.color("--chart-text");
  ctx.lineWidth = pixels;
  ctx.setLineDash([4 * pixels, 4 * pixels]);
  let labelled = -Infinity;
  for (const change of look.series.rateChanges) {
    const x = Math.round(plot.valToPos(change.step, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const label = rateText(change.rate);
    if (x < labelled) continue;
    ctx.textAlign = "left";
    ctx.fillText(label, x, bbox.top - 6 * pixels);
    labelled = x + ctx.measureText(label).width + 8 * pixels;
  }
  ctx.restore();
}

function shortLoss(loss: number): string {
  return loss === 0 ? "0" : String(Number(loss.toPrecision(3)));
}
