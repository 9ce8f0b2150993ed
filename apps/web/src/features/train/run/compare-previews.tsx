/** @file Two previews on top of each other, divided by a line that the user can move. */
import { Select } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { fileUrl } from "../../../api/client.ts";
import styles from "./filmstrip.module.css";

/** A preview of any run. */
export interface ComparablePreview {
  step: number;
  path: string;
  /** Its step, and its run if there are several runs. */
  label: string;
}

export interface ComparePreviewsProps {
  previews: readonly ComparablePreview[];
  /** The left and the right preview; null stands for the first or the last preview. */
  paths: readonly [string | null, string | null];
  onPaths: (paths: [string | null, string | null]) => void;
  aspect: number;
}

export function ComparePreviews({ previews, paths, onPaths, aspect }: ComparePreviewsProps): ReactNode {
  const [parting, setParting] = useState(50);
  const left = previews.find((one) => one.path === paths[0]) ?? previews[0];
  const right = previews.find((one) => one.path === paths[1]) ?? previews.at(-1);
  if (!left || !right) return null;
  const options = previews.map(({ path, label }) => ({ value: path, label }));
  return (
    <figure className={styles["newest"]}>
      <div
        className={styles["compare"]}
        style={{ aspectRatio: String(aspect), "--parting": `${parting}%` } as React.CSSProperties}
      >
        <img src={fileUrl(right.path)} alt={`Preview at step ${right.step}`} />
        <img src={fileUrl(left.path)} alt={`Preview at step ${left.step}`} className={styles["over"]} />
        <i className={styles["line"]} aria-hidden />
        <input
          type="range"
          min={0}
          max={100}
          value={parting}
          aria-label="Position of the line between the two pictures"
          onChange={(event) => setParting(Number(event.currentTarget.value))}
        />
      </div>
      <figcaption className={styles["pair"]}>
        <Select
          size="xs"
          aria-label="Left picture"
          data={options}
          value={left.path}
          onChange={(path) => onPaths([path, paths[1]])}
        />
        <Select
          size="xs"
          aria-label="Right picture"
          data={options}
          value={right.path}
          onChange={(path) => onPaths([paths[0], path])}
        />
      </figcaption>
    </figure>
  );
}
