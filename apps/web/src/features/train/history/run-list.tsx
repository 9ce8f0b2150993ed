/** @file The runs of an embedding, newest first; the chart and the previews show the line of the chosen one. */
import type { HistoryRun } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { formatDate, formatWhen } from "../../../ui/text/format.ts";
import { rangeText, stateText } from "./run-words.ts";
import styles from "./run-list.module.css";

export interface RunListProps {
  title?: string;
  /** The list is shown from this number of runs on: a single run is shown already. */
  least?: number;
  /** Oldest first. */
  runs: readonly HistoryRun[];
  /** Folder of the run that is shown; null if none is. */
  shown: string | null;
  onShow: (folder: string) => void;
}

export function RunList({ title = "Runs", least = 2, runs, shown, onShow }: RunListProps): ReactNode {
  if (runs.length < least) return null;
  return (
    <Section title={title}>
      <ul className={styles["list"]}>
        {runs.toReversed().map((run) => (
          <li key={run.folder}>
            <button
              type="button"
              className={styles["run"]}
              aria-pressed={run.folder === shown}
              title={run.folder}
              onClick={() => onShow(run.folder)}
            >
              <span className={styles["range"]}>{rangeText(run, runs)}</span>
              <span className={styles["state"]}>{run.message ?? stateText(run)}</span>
              <span className={styles["when"]} title={formatDate(run.startedAt)}>
                {formatWhen(run.startedAt)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
