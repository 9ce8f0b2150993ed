/** @file The chart's columns kept in step with a job's points: only what is new is worked on. */
import type { MetricPoint } from "@lexeme/protocol";
import { useRef } from "react";
import { appendPoints, emptyLossSeries, type LossSeries } from "./loss-series.ts";

/** A series that grows in place, and a number that changes whenever it did. */
export function useLossSeries(points: readonly MetricPoint[]): { series: LossSeries; revision: number } {
  const kept = useRef<{ series: LossSeries; seen: readonly MetricPoint[]; revision: number }>({
    series: emptyLossSeries(),
    seen: [],
    revision: 0,
  });
  const { current } = kept;
  if (current.seen !== points) {
    const count = current.series.steps.length;
    const grown =
      count > 0 &&
      points.length >= count &&
      points[0] === current.seen[0] &&
      points[count - 1] === current.seen[count - 1];
    if (!grown) current.series = emptyLossSeries();
    appendPoints(current.series, grown ? points.slice(count) : points);
    current.seen = points;
    current.revision++;
  }
  return { series: current.series, revision: current.revision };
}
