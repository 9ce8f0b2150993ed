/** @file The similarity of each two vectors of an embedding. */
import type { Notebook } from "@lexeme/domain/notebook";
import type { ReactNode } from "react";
import { Section } from "../../ui/layout/tab-layout.tsx";
import { formatSimilarity } from "./vector-list.tsx";
import styles from "./similarity-table.module.css";

/** More columns than this leave no room for numbers. */
const MOST_WITH_NUMBERS = 12;

export function SimilarityTable({ notebook }: { notebook: Notebook }): ReactNode {
  const { own } = notebook;
  const numbers = own.length <= MOST_WITH_NUMBERS;
  return (
    <Section title="Similarity between its vectors">
      <p className={styles["explain"]}>Two vectors that are nearly the same mean the same thing: one of them can go.</p>
      <div
        className={styles["scroll"]}
        data-scrolls-sideways
        tabIndex={0}
        role="group"
        aria-label="Similarity of its vectors"
      >
        <table className={styles["table"]} data-numbers={numbers}>
          <thead>
            <tr>
              <td />
              {own.map((_, j) => (
                <th key={j} scope="col">
                  {j + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {own.map((row, i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                {row.map((similarity, j) => (
                  <td
                    key={j}
                    title={`Vectors ${i + 1} and ${j + 1}: ${similarity.toFixed(3)}`}
                    data-same={i === j}
                    style={
                      {
                        "--strength": `${Math.round(Math.sqrt(Math.min(1, Math.abs(similarity))) * 75)}%`,
                      } as React.CSSProperties
                    }
                    data-negative={similarity < 0}
                  >
                    {numbers ? formatSimilarity(similarity) : null}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
