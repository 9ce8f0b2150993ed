/** @file The other embeddings of the folder, the most similar first. */
import type { Notebook } from "@lexeme/domain/notebook";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { notebookAddress } from "../../parts/embeddings/notebook-address.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { Section } from "../../ui/layout/tab-layout.tsx";
import { formatSimilarity } from "./vector-list.tsx";
import styles from "./other-embeddings.module.css";

/** Less similar embeddings are seldom worth a look. */
const FIRST = 12;

export function OtherEmbeddings({ notebook }: { notebook: Notebook }): ReactNode {
  const { others, vectors } = notebook;
  const [showAll, setShowAll] = useState(false);
  const shown = showAll ? others : others.slice(0, FIRST);
  return (
    <Section title="Other embeddings">
      {others.length === 0 ? (
        <p className={styles["explain"]}>There are no other embeddings for this kind of checkpoint.</p>
      ) : (
        <p className={styles["explain"]}>
          The similarity of the means of the vectors, and the two vectors that are most similar.
        </p>
      )}
      <ul className={styles["list"]} aria-label="Other embeddings">
        {shown.map(({ name, path, vectors: count, similarity, closest }) => (
          <li key={`${path}#${name}`} className={styles["row"]}>
            <Link href={notebookAddress({ name, path })} className={styles["name"]}>
              {name}
            </Link>
            <span className={styles["bar"]} aria-hidden>
              <span data-negative={similarity < 0} style={{ width: `${Math.min(1, Math.abs(similarity)) * 100}%` }} />
            </span>
            <span className={styles["similarity"]}>{formatSimilarity(similarity)}</span>
            <span className={styles["closest"]}>
              {vectors.length === 1 && count === 1
                ? formatPlural(count, "vector")
                : `vector ${closest.own + 1} and its vector ${closest.other + 1}: ${formatSimilarity(closest.similarity)}`}
            </span>
          </li>
        ))}
      </ul>
      {others.length > shown.length ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setShowAll(true)}>
          Show all {others.length}
        </Button>
      ) : null}
    </Section>
  );
}
