/** @file The lengths of the vectors, marked in a histogram of the lengths of all words. */
import type { Notebook } from "@lexeme/domain/notebook";
import type { ReactNode } from "react";
import { formatCount } from "../../ui/text/format.ts";
import { Section } from "../../ui/layout/tab-layout.tsx";
import styles from "./length-chart.module.css";
import { formatLength } from "./vector-list.tsx";

const WIDTH = 1000;
const HEIGHT = 150;
const MARKED_PERCENTS = [5, 50, 95];

export function LengthChart({ notebook }: { notebook: Notebook }): ReactNode {
  const { vectors, vocabulary } = notebook;
  const { from, to, counts } = vocabulary.histogram;
  const longest = Math.max(to, ...vectors.map(({ norm }) => norm));
  const end = longest * 1.03 || 1;
  const x = (norm: number): number => (norm / end) * WIDTH;
  const most = Math.max(...counts);
  const step = (to - from) / counts.length;
  const marks = vocabulary.percentiles.filter(({ percent }) => MARKED_PERCENTS.includes(percent));
  return (
    <Section title="Lengths">
      <p className={styles["explain"]}>
        The mean length of {formatCount(vocabulary.tokens)} words is {formatLength(vocabulary.mean)};{" "}
        {marks.map(({ percent, norm }) => `${percent} % are shorter than ${formatLength(norm)}`).join(", ")}. Vectors
        far outside this range act strongly on a picture, and leave little room for the words beside them.
      </p>
      <figure className={styles["figure"]}>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Histogram of the vocabulary's lengths, with ${vectors.map(({ norm }, i) => `vector ${i + 1} at ${formatLength(norm)}`).join(", ")}`}
        >
          {counts.map((count, i) => (
            <rect
              key={i}
              className={styles["bin"]}
              x={x(from + i * step)}
              width={Math.max(x(step) - 0.5, 0.5)}
              y={HEIGHT - (count / most) * HEIGHT}
              height={(count / most) * HEIGHT}
            />
          ))}
          {vectors.map(({ norm }, i) => (
            <line key={i} className={styles["mark"]} x1={x(norm)} x2={x(norm)} y1={0} y2={HEIGHT} />
          ))}
        </svg>
        <div className={styles["axis"]} aria-hidden>
          <span style={{ left: 0 }}>0</span>
          {ticksUpTo(end).map((tick) => (
            <span key={tick} className={styles["tick"]} style={{ left: `${(tick / end) * 100}%` }}>
              {formatLength(tick)}
            </span>
          ))}
        </div>
        <figcaption className={styles["legend"]}>
          <span className={styles["words"]}>words of the vocabulary</span>
          <span className={styles["own"]}>{vectors.length === 1 ? "this embedding" : "its vectors"}</span>
        </figcaption>
      </figure>
    </Section>
  );
}

/** Round numbers above 0, one to six of them; none so near the end that its label would stick out. */
function ticksUpTo(end: number): number[] {
  const power = 10 ** Math.floor(Math.log10(end));
  const step = [0.2, 0.5, 1].map((part) => part * power).find((size) => end / size <= 6) ?? 2 * power;
  return Array.from({ length: Math.floor((end * 0.97) / step) }, (_, i) => (i + 1) * step);
}
