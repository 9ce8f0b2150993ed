/** @file Files that were left out, each by name with the reason. */
import type { ReactNode } from "react";
import { formatPlural } from "../../ui/text/format.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import styles from "./preprocess-page.module.css";

export function SkippedFiles({
  skipped,
  verb = "skipped",
}: {
  skipped: { file: string; reason: string }[];
  verb?: string;
}): ReactNode {
  if (skipped.length === 0) return null;
  return (
    <Notice tone="warning">
      <b>
        {formatPlural(skipped.length, "file")} {verb}
      </b>
      <ul className={styles["skipped"]}>
        {skipped.map(({ file, reason }) => (
          <li key={file}>
            {file}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
