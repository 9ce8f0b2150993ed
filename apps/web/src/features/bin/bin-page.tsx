/** @file The bin: deleted and replaced files by day, restored or deleted for good. */
import { Button, Loader } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useRoute } from "../../api/queries.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import { BinIcon, SearchIcon } from "../../ui/icons/icons.tsx";
import { SearchPage } from "../../ui/layout/search-page.tsx";
import { dayTitle, formatBytes, formatPlural } from "../../ui/text/format.ts";
import { ConfirmDialog, RestoreDialog } from "./bin-dialogs.tsx";
import { entriesByDay, findEntries, nameOf, type BinEntry } from "./bin-entries.ts";
import { BinRow } from "./bin-row.tsx";
import styles from "./bin.module.css";
import { useBinActions } from "./use-bin-actions.ts";

/** Below this a training or a picture may not find room. */
const LITTLE_ROOM_BYTES = 500e6;
/** Rows that are drawn at first and with each "Show more". */
const ROWS = 100;

export function BinPage(): ReactNode {
  const bin = useRoute("listBin", {});
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(ROWS);
  const [asked, setAsked] = useState<BinEntry | "all" | null>(null);
  const actions = useBinActions();
  const { entries = [], sizeBytes = 0, freeBytes = null } = bin.data ?? {};
  const found = findEntries(entries, search);

  function deleteAsked(): void {
    if (asked === "all") actions.empty();
    else if (asked !== null) actions.deleteForGood(asked);
    setAsked(null);
  }

  return (
    <SearchPage
      title="Bin"
      search={{ value: search, onChange: setSearch, label: "Search by name", placeholder: "Search by name" }}
      tools={
        <>
          <span className={styles["size"]} role="status">
            {bin.data === undefined
              ? ""
              : `${formatPlural(entries.length, "entry", "entries")}, ${formatBytes(sizeBytes)}${freeBytes === null ? "" : `; ${formatBytes(freeBytes)} free on the disk`}`}
          </span>
          <Button
            className={styles["empty"] ?? ""}
            variant="default"
            size="compact-sm"
            disabled={entries.length === 0}
            onClick={() => setAsked("all")}
          >
            Empty the bin…
          </Button>
        </>
      }
    >
      {bin.isPending ? (
        <EmptyState title="Looking into the bin" icon={<Loader size="xs" />} />
      ) : bin.isError ? (
        <EmptyState title="The bin cannot be read">{messageOf(bin.error)}</EmptyState>
      ) : entries.length === 0 ? (
        <EmptyState icon={<BinIcon />} title="The bin is empty">
          Deleted pictures and embeddings, and files that were replaced, are kept here until you delete them for good.
        </EmptyState>
      ) : (
        <div className={styles["days"]}>
          {freeBytes === null || freeBytes > LITTLE_ROOM_BYTES ? null : (
            <Notice tone="warning">
              The disk has little room. Files in the bin keep their place on it: emptying the bin frees{" "}
              {formatBytes(sizeBytes)}.
            </Notice>
          )}
          {found.length === 0 ? <EmptyState icon={<SearchIcon />} title="No name contains this text" /> : null}
          {entriesByDay(found.slice(0, shown)).map(({ day, entries: ofDay }) => (
            <section key={day} aria-labelledby={`bin-${day}`}>
              <h2 id={`bin-${day}`} className={styles["day"]}>
                {dayTitle(day, new Date())}
              </h2>
              <ul className={styles["rows"]}>
                {ofDay.map((entry) => (
                  <BinRow
                    key={entry.id}
                    entry={entry}
                    isBusy={actions.busy === entry.id}
                    onRestore={() => actions.restore(entry)}
                    onDelete={() => setAsked(entry)}
                  />
                ))}
              </ul>
            </section>
          ))}
          {found.length > shown ? (
            <Button variant="default" onClick={() => setShown(shown + ROWS)}>
              Show more ({found.length - shown})
            </Button>
          ) : null}
        </div>
      )}
      <ConfirmDialog
        title={asked === "all" ? "Empty the bin?" : `Delete ${asked === null ? "" : nameOf(asked)} for good?`}
        action={asked === "all" ? "Empty the bin" : "Delete for good"}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={deleteAsked}
      >
        {asked === "all"
          ? `${formatPlural(entries.length, "entry", "entries")} of ${formatBytes(sizeBytes)} cannot be restored after this.`
          : `${formatBytes(asked?.sizeBytes ?? 0)} cannot be restored after this.`}
      </ConfirmDialog>
      <RestoreDialog taken={actions.taken} onClose={actions.leave} onRestore={actions.restore} />
    </SearchPage>
  );
}
