/** @file The list of embeddings, with the facts and the actions of each. */
import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useEmbeddings } from "../../../api/queries.ts";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { formatPlural } from "../../../ui/text/format.ts";
import { SearchIcon, WordIcon } from "../../../ui/icons/icons.tsx";
import { Notice } from "../../../ui/feedback/notice.tsx";
import styles from "./embedding-list.module.css";
import { EmbeddingRow } from "./embedding-row.tsx";
import { NameDialog, type Naming } from "./name-dialog.tsx";

/** A shorter list needs no search field. */
const SEARCH_FROM = 8;

export interface EmbeddingListProps {
  highlight: string | null;
  /** Buttons beside the search. */
  tools?: ReactNode;
}

export function EmbeddingList({ highlight, tools }: EmbeddingListProps): ReactNode {
  const list = useEmbeddings();
  const [search, setSearch] = useState("");
  const [naming, setNaming] = useState<Naming | null>(null);
  if (list.isPending) return null;
  if (list.isError) return <Notice tone="failure">{list.error.message}</Notice>;
  if (list.data.length === 0) {
    return (
      <EmptyState icon={<WordIcon />} title="No embeddings yet" action={tools}>
        An embedding is a new word: a name, a few numbers, one small file. Files that you have can be dropped here.
      </EmptyState>
    );
  }
  const wanted = search.trim().toLowerCase();
  const shown = list.data.filter((one) => one.name.toLowerCase().includes(wanted));
  return (
    <section className={styles["list"]} aria-label="Embeddings">
      <div className={styles["head"]}>
        <h2>{formatPlural(list.data.length, "embedding")}</h2>
        {list.data.length < SEARCH_FROM ? null : (
          <TextInput
            aria-label="Search embeddings"
            placeholder="Search"
            leftSection={<SearchIcon />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        {tools}
      </div>
      <ul className={styles["rows"]}>
        {shown.map((embedding) => (
          <EmbeddingRow
            key={`${embedding.path}#${embedding.key ?? ""}`}
            embedding={embedding}
            highlighted={embedding.name === highlight}
            sharing={list.data.filter(({ path }) => path === embedding.path).length}
            onName={(action) => setNaming({ embedding, action })}
          />
        ))}
      </ul>
      {shown.length === 0 ? <p className={styles["none"]}>No embedding is called “{search}”.</p> : null}
      <NameDialog naming={naming} onClose={() => setNaming(null)} />
    </section>
  );
}
