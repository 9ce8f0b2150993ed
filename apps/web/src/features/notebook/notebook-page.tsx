/** @file The notebook of an embedding: the words nearest to its vectors, their lengths, similar embeddings, and new embeddings made from it. */
import { Button, Progress } from "@mantine/core";
import { PHASE_TEXTS } from "@lexeme/domain/jobs";
import type { Notebook } from "@lexeme/domain/notebook";
import type { Embedding } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { Link, useParams, useSearch } from "wouter";
import { thumbnailUrl } from "../../api/client.ts";
import { useEmbeddings, useSystem } from "../../api/queries.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { asSentence, formatCount, formatPlural } from "../../ui/text/format.ts";
import { ChevronIcon, WordIcon } from "../../ui/icons/icons.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { LengthChart } from "./length-chart.tsx";
import { MergeDialog } from "./dialogs/merge-dialog.tsx";
import styles from "./notebook-page.module.css";
import { OtherEmbeddings } from "./other-embeddings.tsx";
import { PruneDialog } from "./dialogs/prune-dialog.tsx";
import { ShareDialog } from "./dialogs/share-dialog.tsx";
import { SimilarityTable } from "./similarity-table.tsx";
import { useNotebook } from "./use-notebook.ts";
import { VectorList } from "./vector-list.tsx";

export function NotebookPage(): ReactNode {
  const { name: encoded = "" } = useParams();
  const name = decoded(encoded);
  const path = new URLSearchParams(useSearch()).get("path");
  const list = useEmbeddings();
  const all = list.data ?? [];
  const named = all.filter((one) => one.name === name);
  const embedding = named.find((one) => one.path === path) ?? named.find((one) => one.collision?.isUsed !== false);
  return (
    // Reachable by keyboard so that it can be scrolled even while nothing in it can be focused.
    <section className={styles["page"]} aria-label={`Notebook of ${name}`} tabIndex={0}>
      <div className={styles["column"]}>
        <Link href="/create" className={styles["back"]}>
          <span className={styles["backIcon"]}>
            <ChevronIcon />
          </span>
          All embeddings
        </Link>
        {list.isPending ? null : embedding === undefined ? (
          <EmptyState icon={<WordIcon />} title={`There is no embedding “${name}”`}>
            It may have been renamed or deleted.
          </EmptyState>
        ) : (
          <NotebookOf key={`${embedding.path}#${embedding.key ?? ""}`} embedding={embedding} all={all} />
        )}
      </div>
    </section>
  );
}

/** The router leaves signs such as `/` and `#` encoded; a name from a picture may hold any sign. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function NotebookOf({ embedding, all }: { embedding: Embedding; all: readonly Embedding[] }): ReactNode {
  const checkpoint = useSystem().data?.checkpoint ?? null;
  const fits = embedding.misfitReason === null;
  const others = all.filter((one) => one !== embedding);
  const { notebook, error, progress, retry } = useNotebook(fits ? embedding : undefined, { checkpoint, others });
  return (
    <>
      <Heading embedding={embedding} all={all} />
      {fits ? null : <Notice tone="warning">{asSentence(embedding.misfitReason ?? "")}</Notice>}
      {error === null ? null : (
        <Notice
          tone="failure"
          action={
            <Button variant="default" onClick={retry}>
              Try again
            </Button>
          }
        >
          {error.message}
        </Notice>
      )}
      {notebook === undefined && fits && error === null ? (
        <div className={styles["waiting"]} role="status">
          <span>{progress === null ? "Waiting for its turn" : PHASE_TEXTS[progress.phase]}</span>
          <Progress
            value={progress === null || progress.steps === 0 ? 0 : (100 * progress.step) / progress.steps}
            size="sm"
            aria-label="Reading the vocabulary"
          />
        </div>
      ) : null}
      {notebook === undefined ? null : <Findings embedding={embedding} notebook={notebook} all={all} />}
    </>
  );
}

function Heading({ embedding, all }: { embedding: Embedding; all: readonly Embedding[] }): ReactNode {
  const [open, setOpen] = useState<"merge" | "share" | null>(null);
  const { name, vectors, width, step, checkpointName, checkpointHash, shortHash, previewPath, path } = embedding;
  const trainedOn = [checkpointName, checkpointHash].filter((one) => one !== null).join(" ");
  return (
    <header className={styles["heading"]}>
      {previewPath === null ? null : (
        <div className={styles["preview"]}>
          <PictureTile src={thumbnailUrl(previewPath, 192)} alt={`Drawn with ${name}`} />
        </div>
      )}
      <div className={styles["what"]}>
        <h1>{name}</h1>
        <p className={styles["facts"]}>
          <span>
            {formatPlural(vectors, "vector")} × {width}
          </span>
          <span>{step ? `${formatCount(step)} steps` : "not trained"}</span>
          {trainedOn === "" ? null : <span>{trainedOn}</span>}
          {shortHash === "" ? null : <span>hash {shortHash}</span>}
        </p>
        <p className={styles["path"]}>{path}</p>
      </div>
      <div className={styles["actions"]}>
        <Button variant="default" onClick={() => setOpen("merge")} disabled={embedding.misfitReason !== null}>
          Merge…
        </Button>
        <Button variant="default" onClick={() => setOpen("share")} disabled={vectors === 0}>
          Share as picture…
        </Button>
      </div>
      <MergeDialog embedding={embedding} all={all} opened={open === "merge"} onClose={() => setOpen(null)} />
      <ShareDialog embedding={embedding} opened={open === "share"} onClose={() => setOpen(null)} />
    </header>
  );
}

interface FindingsProps {
  embedding: Embedding;
  notebook: Notebook;
  all: readonly Embedding[];
}

function Findings({ embedding, notebook, all }: FindingsProps): ReactNode {
  const [kept, setKept] = useState<ReadonlySet<number>>(new Set());
  const [pruning, setPruning] = useState(false);
  function toggle(vector: number): void {
    const next = new Set(kept);
    if (!next.delete(vector)) next.add(vector);
    setKept(next);
  }
  const count = notebook.vectors.length;
  return (
    <>
      <VectorList
        notebook={notebook}
        kept={kept}
        onToggle={toggle}
        action={
          count === 1 ? (
            <Button variant="default" size="compact-sm" onClick={() => setPruning(true)}>
              Keep under a new name…
            </Button>
          ) : (
            <Button variant="default" size="compact-sm" disabled={kept.size === 0} onClick={() => setPruning(true)}>
              {kept.size === 0 ? "Keep chosen vectors…" : `Keep ${kept.size} of ${count} vectors…`}
            </Button>
          )
        }
      />
      <LengthChart notebook={notebook} />
      {count === 1 ? null : <SimilarityTable notebook={notebook} />}
      <OtherEmbeddings notebook={notebook} />
      <PruneDialog
        embedding={embedding}
        keep={count === 1 ? [0] : [...kept].toSorted((a, b) => a - b)}
        all={all}
        opened={pruning}
        onClose={() => setPruning(false)}
      />
    </>
  );
}
