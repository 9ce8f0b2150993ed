/** @file The live loss chart: raw pale, smoothed strong, learning-rate changes as thin lines; zoom by dragging, double click for all. */
import { useEffect, useLayoutEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { lossChartOptions, type LossChartReader } from "./loss-chart-options.ts";
import type { LossSeries } from "./loss-series.ts";
import classes from "./loss-chart.module.css";

export interface LossChartProps {
  /** Grows in place; a new `revision` says that it did. */
  series: LossSeries;
  revision: number;
  logScale: boolean;
  /** Index of the point under the pointer, or null when the pointer left. */
  onRead: (index: number | null) => void;
}

/** At most this often the chart is drawn anew: a hundred steps a second must not become a hundred drawings. */
const REDRAW_INTERVAL_MS = 150;

export function LossChart({ series, revision, logScale, onRead }: LossChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const reader = useRef<LossChartReader>({ series, onRead, zoomed: false });

  useLayoutEffect(() => {
    reader.current.series = series;
    reader.current.onRead = onRead;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const plot = new UPlot(
      lossChartOptions(element, { logScale, reader: reader.current }),
      columns(reader.current),
      element,
    );
    chart.current = plot;
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
    resize.observe(element);
    const scheme = new MutationObserver(() => plot.redraw(false, true));
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
    return () => {
      resize.disconnect();
      scheme.disconnect();
      plot.destroy();
      chart.current = null;
      reader.current.zoomed = false;
    };
  }, [logScale]);

  const pending = useRef<number | null>(null);
  useEffect(() => {
    pending.current ??= window.setTimeout(() => {
      pending.current = null;
      const plot = chart.current;
      if (!plot) return;
      plot.setData(columns(reader.current), !reader.current.zoomed);
      if (reader.current.zoomed) plot.redraw(true, true);
    }, REDRAW_INTERVAL_MS);
  }, [revision, series]);
  useEffect(() => () => window.clearTimeout(pending.current ?? undefined), []);

  return (
    <div
      ref={host}
      className={classes["chart"]}
      role="img"
      aria-label="Loss by step, raw and smoothed"
      data-testid="loss-chart"
    />
  );
}

function columns({ series }: LossChartReader): UPlot.AlignedData {
  return [series.steps, series.losses, series.smoothed];
}
