/** @file The loss chart, the values under the pointer, and the choice of the axis. */
import { SegmentedControl } from "@mantine/core";
import { useLocalStorage, useThrottledValue } from "@mantine/hooks";
import { useMemo, useState, type ReactNode } from "react";
import type { MetricPoint } from "@lexeme/domain/jobs";
import { formatCount } from "../../../../ui/text/format.ts";
import { Section } from "../../../../ui/layout/tab-layout.tsx";
import { NO_BRANCHES, type Branches } from "./branch-drawing.ts";
import { LossChart } from "./loss-chart.tsx";
import { lossRange } from "./loss-range.ts";
import { lossSeries } from "./loss-series.ts";
import { rateText } from "../../schedule/schedule-outline.ts";
import styles from "../training-result.module.css";

/** A hundred steps a second must not cause a hundred drawings. A hundred thousand points (25 ms to draw) are drawn even less often. */
const REDRAW_MS = 150;
const SLOW_REDRAW_MS = 500;
const MANY_POINTS = 20_000;
const ALL_STEPS = { from: -Infinity, to: Infinity };

export interface LossPanelProps {
  /** All points to show, by step. */
  points: readonly MetricPoint[];
  branches?: Branches;
  running: boolean;
}

export function LossPanel({ points: known, branches = NO_BRANCHES, running }: LossPanelProps): ReactNode {
  const points = useThrottledValue(known, known.length > MANY_POINTS ? SLOW_REDRAW_MS : REDRAW_MS);
  const series = useMemo(() => lossSeries(points), [points]);
  const [scale, setScale] = useLocalStorage({ key: "lexeme.loss-axis", defaultValue: "linear" });
  const { highest } = useMemo(
    () => lossRange({ series, others: branches.others, ...ALL_STEPS, isLog: scale === "log" }),
    [series, branches, scale],
  );
  const [read, setRead] = useState<number | null>(null);
  const index = read !== null && read < points.length ? read : points.length - 1;
  const point = points[index];
  const smoothed = series.smoothed[index];

  return (
    <Section
      title="Loss"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Axis of the loss"
          data={[
            { value: "linear", label: "Linear" },
            { value: "log", label: "Log" },
          ]}
          value={scale}
          onChange={setScale}
        />
      }
    >
      <p className={styles["reading"]}>
        {point && smoothed !== undefined ? (
          <>
            <span>Step {formatCount(point.step)}</span>
            <span>
              <b>{smoothed.toFixed(4)}</b> smoothed
            </span>
            <span>{point.loss.toFixed(4)} raw</span>
            <span>rate {rateText(Number(point.learnRate.toPrecision(4)))}</span>
          </>
        ) : (
          <span>{running ? "The first steps will be drawn here" : "No steps were made"}</span>
        )}
      </p>
      {(points.length > 0 || running) && (
        <>
          <LossChart series={series} branches={branches} logScale={scale === "log"} onRead={setRead} />
          <p className={styles["hint"]}>
            <span className={styles["byMouse"]}>Drag to zoom, double-click to show all. </span>
            {series.rateChanges.length > 0 && "Dashed lines mark changes of the learning rate. "}
            {branches.marks.length > 0 && "Triangles mark where training continued from a copy. "}
            {branches.others.length > 0 && "Pale lines are the other runs. "}
            {highest !== null && `Arrows mark losses above the chart; the highest is ${highest.toPrecision(3)}.`}
          </p>
        </>
      )}
    </Section>
  );
}
