/** @file The live loss chart: raw losses pale, smoothed losses strong, learning-rate changes as thin lines; dragging zooms, a double click shows all. */
import { useEffect, useRef, type ReactNode } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Branches } from "./branch-drawing.ts";
import { lossChartOptions, type LossChartReader } from "./loss-chart-options.ts";
import type { LossSeries } from "./loss-series.ts";
import styles from "./loss-chart.module.css";

export interface LossChartProps {
  series: LossSeries;
  branches: Branches;
  logScale: boolean;
  /** Index of the point under the pointer, or null when the pointer left. */
  onRead: (index: number | null) => void;
}

export function LossChart({ series, branches, logScale, onRead }: LossChartProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const reader = useRef<LossChartReader>({ series, branches, onRead, zoomed: false });

  // This effect comes first, so that the effects below read the newest values.
  useEffect(() => {
    reader.current.series = series;
    reader.current.branches = branches;
    reader.current.onRead = onRead;
  }, [series, branches, onRead]);

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const { current } = reader;
    current.zoomed = false;
    const plot = new UPlot(lossChartOptions(element, { logScale, reader: current }), columns(current.series), element);
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
    };
  }, [logScale]);

  useEffect(() => {
    const { zoomed } = reader.current;
    chart.current?.setData(columns(series), !zoomed);
    if (zoomed) chart.current?.redraw(true, true);
  }, [series, branches]);

  return (
    <div
      ref={host}
      className={styles["chart"]}
      role="img"
      aria-label="Loss by step, raw and smoothed"
      data-testid="loss-chart"
    />
  );
}

function columns(series: LossSeries): UPlot.AlignedData {
  return [series.steps, series.losses, series.smoothed];
}
