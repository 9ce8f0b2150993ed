/** @file How uPlot draws the loss: axes, colours from the theme, the ranges, and what is drawn around the lines. */
import type UPlot from "uplot";
import { formatCount } from "../../../../ui/text/format.ts";
import { drawBranches, type Branches } from "./branch-drawing.ts";
import { lossRange } from "./loss-range.ts";
import type { LossSeries } from "./loss-series.ts";
import { drawHigherLosses, drawRateChanges } from "./rate-drawing.ts";

/** The values that the chart's hooks read. The component updates them without making a new chart. */
export interface LossChartReader {
  series: LossSeries;
  branches: Branches;
  onRead: (index: number | null) => void;
  /** True once the user chose a range; new points then leave it alone. */
  zoomed: boolean;
}

/** A logarithmic axis: uPlot's own enum has no value at run time, only this number. */
const LOGARITHMIC = { distr: 3 } as unknown as UPlot.Scale;

/** Distances of the marks on the axis of steps: there are no half steps. */
const STEP_DISTANCES = Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat();

/** With so few points in sight, each is drawn as a dot: a line needs two. */
const DOTTED_POINTS = 30;

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
  const line = (name: string, width: number): UPlot.Series => ({
    stroke: () => color(name),
    width,
    points: { show: isDotted, size: 5, fill: () => color(name) },
  });
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [20, 28, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, dist: 4 }, points: { size: 7 } },
    scales: {
      x: { time: false, range: (_plot, min, max) => stepRange(min, max) },
      y: { ...(logScale ? LOGARITHMIC : {}), range: (plot) => rangeInSight(plot, { logScale, reader }) },
    },
    axes: [
      { ...axis(), size: 28, space: 64, incrs: STEP_DISTANCES, values: (_plot, steps) => steps.map(formatCount) },
      {
        ...axis(),
        size: 56,
        values: (_plot, losses) => losses.map((loss) => (loss === null ? "" : shortLoss(loss))),
        ...(logScale ? LOGARITHMIC_AXIS : {}),
      },
    ],
    series: [{}, { label: "loss", ...line("--chart-raw", 1) }, { label: "smoothed", ...line("--chart-line", 2) }],
    hooks: {
      ready: [(plot) => plot.over.addEventListener("dblclick", () => void (reader.zoomed = false))],
      setSelect: [(plot) => void (reader.zoomed ||= plot.select.width > 0)],
      setCursor: [(plot) => reader.onRead(plot.cursor.idx ?? null)],
      drawAxes: [
        (plot) => drawBranches(plot, { ...reader.branches, color }),
        (plot) => drawRateChanges(plot, { series: reader.series, color }),
      ],
      draw: [(plot) => drawHigherLosses(plot, { series: reader.series, color })],
    },
  };
}

const LOGARITHMIC_AXIS: Pick<UPlot.Axis, "splits" | "filter"> = {
  splits: (...[, , min, max]) => logMarks(min, max),
  filter: (_plot, marks) => marks,
};

/** uPlot calls this with the indices of the first and the last point in sight. */
function isDotted(...[, , from, to]: [UPlot, number, number, number]): boolean {
  return to - from < DOTTED_POINTS;
}

/** A single point stands in the middle. */
function stepRange(min: number | null, max: number | null): UPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  return max > min ? [min, max] : [min - 1, max + 1];
}

function rangeInSight(plot: UPlot, chart: { logScale: boolean; reader: LossChartReader }): UPlot.Range.MinMax {
  const { series, branches } = chart.reader;
  const { min: from, max: to } = plot.scales["x"] ?? {};
  const { min, max } = lossRange({
    series,
    others: branches.others,
    from: from ?? -Infinity,
    to: to ?? Infinity,
    isLog: chart.logScale,
  });
  return [min, max];
}

/** 1, 2 and 5 times the powers of ten in the range; the powers alone where these would be too many. */
export function logMarks(min: number, max: number): number[] {
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  const digits = Math.log10(max / min) > 2 ? [1] : [1, 2, 5];
  return Array.from({ length: high - low + 1 }, (_, i) => low + i)
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((mark) => mark >= min && mark <= max);
}

function shortLoss(loss: number): string {
  return loss === 0 ? "0" : String(Number(loss.toPrecision(3)));
}
