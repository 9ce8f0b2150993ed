/** @file Two previews on top of each other, divided by a line that the user can move. */
import { Select } from "@mantine/core";
import type { Artifact } from "@lexeme/domain/jobs";
import { useState, type ReactNode } from "react";
import { fileUrl } from "../../../api/client.ts";
import { formatCount } from "../../../ui/text/format.ts";
import styles from "./filmstrip.module.css";

export function ComparePreviews({ previews, aspect }: { previews: readonly Artifact[]; aspect: number }): ReactNode {
  const [paths, setPaths] = useState<[string | null, string | null]>([null, null]);
  const [parting, setParting] = useState(50);
  const left = previews.find((one) => one.path === paths[0]) ?? previews[0];
  const right = previews.find((one) => one.path === paths[1]) ?? previews.at(-1);
  if (!left || !right) return null;
  const options = previews.map((one) => ({ value: one.path, label: `Step ${formatCount(one.step ?? 0)}` }));
  return (
    <figure className={styles["newest"]}>
      <div
        className={styles["compare"]}
        style={{ aspectRatio: String(aspect), "--parting": `${parting}%` } as React.CSSProperties}
      >
        <img src={fileUrl(right.path)} alt={`Preview at step ${right.step ?? 0}`} />
        <img src={fileUrl(left.path)} alt={`Preview at step ${left.step ?? 0}`} className={styles["over"]} />
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
          onChange={(path) => setPaths([path, paths[1]])}
        />
        <Select
          size="xs"
          aria-label="Right picture"
          data={options}
          value={right.path}
          onChange={(path) => setPaths([paths[0], path])}
        />
      </figcaption>
    </figure>
  );
}
