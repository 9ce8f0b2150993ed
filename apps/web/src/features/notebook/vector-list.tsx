/** @file Each vector with its length and its nearest words. */
import { Checkbox } from "@mantine/core";
import type { NearWord, Notebook, NotebookVector } from "@lexeme/domain/notebook";
import type { ReactNode } from "react";
import { Section } from "../../ui/layout/tab-layout.tsx";
import styles from "./vector-list.module.css";

export interface VectorListProps {
  notebook: Notebook;
  /** Vectors ticked to be kept in a new embedding, from 0. */
  kept: ReadonlySet<number>;
  onToggle: (vector: number) => void;
  action: ReactNode;
}

export function VectorList({ notebook, kept, onToggle, action }: VectorListProps): ReactNode {
  const { vectors, vocabulary, checkpointName } = notebook;
  return (
    <Section title="Nearest words" aside={action}>
      <p className={styles["explain"]}>
        The words of {checkpointName} whose vectors have the most similar direction; 1 is the same direction, 0 means
        nothing in common. A dash marks the beginning of longer words.
      </p>
      <ol className={styles["vectors"]} aria-label="Vectors">
        {vectors.map((vector, i) => (
          <li key={i} className={styles["vector"]} aria-label={`Vector ${i + 1}`}>
            <div className={styles["head"]}>
              {vectors.length === 1 ? (
                <b>Vector 1</b>
              ) : (
                <Checkbox label={`Vector ${i + 1}`} checked={kept.has(i)} onChange={() => onToggle(i)} />
              )}
              <span className={styles["length"]}>{lengthSentence(vector, vocabulary.mean)}</span>
            </div>
            {vector.nearest.length === 0 ? (
              <p className={styles["explain"]}>All of its values are 0, so it points nowhere.</p>
            ) : (
              <ol className={styles["words"]} aria-label={`Words nearest to vector ${i + 1}`}>
                {vector.nearest.map((word) => (
                  <Word key={word.id} word={word} />
                ))}
              </ol>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Word({ word }: { word: NearWord }): ReactNode {
  const { text, endsWord, similarity, id } = word;
  return (
    <li className={styles["word"]} title={`Token ${id}`}>
      <span className={styles["text"]}>
        {text}
        {endsWord ? "" : "‑"}
      </span>
      <span className={styles["similarity"]}>{formatSimilarity(similarity)}</span>
      <span className={styles["bar"]} aria-hidden>
        <span style={{ width: `${Math.max(0, Math.min(1, similarity)) * 100}%` }} />
      </span>
    </li>
  );
}

/** For example "length 12.3 · 8.1× the mean word · longer than 100 % of words". */
function lengthSentence({ norm, percentile }: NotebookVector, mean: number): string {
  const times = mean > 0 ? norm / mean : 0;
  const ratio = times >= 9.95 ? Math.round(times).toString() : times.toFixed(1);
  const share = `longer than ${formatPercent(percentile)} % of words`;
  return `length ${formatLength(norm)} · ${ratio}× the mean word · ${share}`;
}

/** Above 99 %, where most trained vectors are, a tenth is shown too. */
function formatPercent(percentile: number): string {
  return percentile > 99 && percentile < 100 ? (Math.floor(percentile * 10) / 10).toString() : percentile.toFixed(0);
}

/** Cosine with two digits; never "-0.00". */
export function formatSimilarity(similarity: number): string {
  return (Math.round(similarity * 100) / 100 || 0).toFixed(2);
}

/** Three significant digits. */
export function formatLength(norm: number): string {
  return Number(norm.toPrecision(3)).toString();
}
