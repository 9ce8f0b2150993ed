/** @file The settings: A1111's options that act here, in its sections, searched, changed at once and reset. */
import { Button, Checkbox, Loader } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { refresh } from "../../api/queries.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { formatPlural } from "../../ui/text/format.ts";
import { BinIcon, SearchIcon } from "../../ui/icons/icons.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { SearchPage } from "../../ui/layout/search-page.tsx";
import { ImportNotice } from "./import-notice.tsx";
import { OptionRow } from "./option-row.tsx";
import { findOptions, type FoundSection } from "./option-search.ts";
import styles from "./settings.module.css";
import { WithoutEffectNotice } from "./without-effect-notice.tsx";
import { useOptionChanges, type OptionChanges } from "./use-options.ts";

/** How long "Saved" is shown. */
const SAVED_MS = 2000;

export function SettingsPage(): ReactNode {
  const { changes, error } = useOptionChanges();
  if (error !== null) return <EmptyState title="The settings cannot be read">{messageOf(error)}</EmptyState>;
  if (changes === null) return <EmptyState title="Reading the settings" icon={<Loader size="xs" />} />;
  return <Settings changes={changes} />;
}

function Settings({ changes }: { changes: OptionChanges }): ReactNode {
  const { changed, state } = changes;
  const [search, setSearch] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const sections = findOptions(search, onlyChanged ? changed : undefined);
  // A field may hold a text that was refused, which has changed nothing yet.
  const toReset = new Set([...changed, ...changes.refused]);
  const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
  return (
    <SearchPage
      title="Settings"
      search={{
        value: search,
        onChange: setSearch,
        label: "Search the settings",
        placeholder: "Search by label, help or A1111's name",
      }}
      tools={
        <>
          <Checkbox
            label={`Only changed (${changed.size})`}
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
          />
          <Saved saves={changes.saves} />
          <Button
            variant="default"
            size="compact-sm"
            className={styles["resetAll"] ?? ""}
            disabled={toReset.size === 0 || state.fault !== null}
            onClick={() =>
              void changes.reset([...toReset], `${formatPlural(toReset.size, "setting")} at the default again`)
            }
          >
            Reset all
          </Button>
          <Button component={Link} href="/bin" variant="default" size="compact-sm" leftSection={<BinIcon />}>
            Bin
          </Button>
        </>
      }
    >
      <div className={styles["body"]}>
        <SectionList sections={sections} />
        <div className={styles["sections"]}>
          {state.fault === null ? null : (
            <Notice
              tone="failure"
              action={
                <Button variant="default" size="compact-sm" onClick={() => void refresh("getOptions")}>
                  Read it again
                </Button>
              }
            >
              {state.fault}
            </Notice>
          )}
          <ImportNotice state={state} />
          <WithoutEffectNotice state={state} />
          {sections.map((section) => (
            <section
              key={section.id}
              id={section.id}
              className={styles["section"]}
              aria-labelledby={`${section.id}-title`}
            >
              <h2 id={`${section.id}-title`}>{section.title}</h2>
              {section.entries.map((entry) => (
                <OptionRow key={entry.name} entry={entry} changes={changes} />
              ))}
            </section>
          ))}
          {count === 0 ? (
            <EmptyState
              icon={<SearchIcon />}
              title={onlyChanged && search === "" ? "Nothing is changed" : "No setting matches the search"}
            >
              {onlyChanged && search === ""
                ? "Every setting is at its default."
                : "Settings of A1111 that have no effect here are not listed."}
            </EmptyState>
          ) : null}
        </div>
      </div>
    </SearchPage>
  );
}

function SectionList({ sections }: { sections: readonly FoundSection[] }): ReactNode {
  return (
    <nav className={styles["nav"]} aria-label="Sections of the settings" data-scrolls-sideways>
      {sections.map(({ id, title }) => (
        <a
          key={id}
          href={`#${id}`}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById(id)?.scrollIntoView({ block: "start" });
          }}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** Shows "Saved" for a moment. */
function Saved({ saves }: { saves: number }): ReactNode {
  const [said, setSaid] = useState(saves);
  useEffect(() => {
    if (saves === said) return;
    const timer = setTimeout(() => setSaid(saves), SAVED_MS);
    return () => clearTimeout(timer);
  }, [saves, said]);
  return (
    <span className={styles["saved"]} role="status">
      {saves === said ? "" : "Saved"}
    </span>
  );
}
