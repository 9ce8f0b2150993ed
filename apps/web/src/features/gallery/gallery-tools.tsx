/** @file The gallery's tools: filters behind one button, with what is chosen beside it, the size of the tiles, and selecting. */
import { Button, CloseButton, Indicator, Popover, SegmentedControl, Select, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { useCheckpoints } from "../../api/queries.ts";
import { useWords } from "../../parts/embeddings/embedding-words.ts";
import { infotextName, NO_FILTER, SHOWN, type GalleryFilter } from "./gallery-filter.ts";
import { TILE_SIZES, type TileSize } from "./tile-size.ts";
import styles from "./gallery.module.css";

const SHOWN_NAMES = { all: "All", pictures: "Pictures", grids: "Grids" } as const;

export interface GalleryToolsProps {
  filter: GalleryFilter;
  onFilter: (change: Partial<GalleryFilter>) => void;
  /** Checkpoints that are seen in the pictures and may not exist any more. */
  seenCheckpoints: readonly string[];
  size: TileSize;
  onSize: (value: string) => void;
  /** Begins selecting; null while it is going on or there is nothing to select. */
  onSelect: (() => void) | null;
}

export function GalleryTools({ filter, onFilter, size, onSize, onSelect, ...seen }: GalleryToolsProps): ReactNode {
  return (
    <div className={styles["tools"]}>
      <FilterButton filter={filter} onFilter={onFilter} {...seen} />
      {filter.show === "all" ? null : (
        <Chosen name={SHOWN_NAMES[filter.show]} onRemove={() => onFilter({ show: "all" })} />
      )}
      {filter.word === null ? null : <Chosen name={filter.word} onRemove={() => onFilter({ word: null })} />}
      {filter.checkpoint === null ? null : (
        <Chosen name={filter.checkpoint} onRemove={() => onFilter({ checkpoint: null })} />
      )}
      <SegmentedControl
        size="xs"
        aria-label="Size of the tiles"
        data={TILE_SIZES.map(({ value, name }) => ({
          value,
          label: (
            <>
              <span aria-hidden>{value}</span>
              <VisuallyHidden>{name}</VisuallyHidden>
            </>
          ),
        }))}
        value={size.value}
        onChange={onSize}
      />
      {onSelect === null ? null : (
        <Button size="compact-sm" variant="default" onClick={onSelect}>
          Select
        </Button>
      )}
    </div>
  );
}

function FilterButton(props: Pick<GalleryToolsProps, "filter" | "onFilter" | "seenCheckpoints">): ReactNode {
  const { filter, onFilter, seenCheckpoints } = props;
  const { words } = useWords();
  const checkpoints = useCheckpoints().data ?? [];
  const models = [...new Set([...checkpoints.map(({ name }) => infotextName(name)), ...seenCheckpoints])].sort();
  const isFiltered = filter.show !== "all" || filter.word !== null || filter.checkpoint !== null;
  // The lists belong to the popover: a choice in them is no click outside of it.
  const inside = { withinPortal: false };
  return (
    <Popover position="bottom-start" width={280} trapFocus returnFocus shadow="md">
      <Indicator disabled={!isFiltered} size={8} offset={2} color="spruce">
        <Popover.Target>
          <Button size="compact-sm" variant="default">
            Filter
          </Button>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown className={styles["filters"] ?? ""} aria-label="Filter">
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="Kind of picture"
          data={SHOWN.map((value) => ({ value, label: SHOWN_NAMES[value] }))}
          value={filter.show}
          onChange={(value) => onFilter({ show: SHOWN.find((one) => one === value) ?? "all" })}
        />
        <Select
          label="Word in the prompt"
          placeholder="Any"
          data={withChosen(
            words.map(({ name }) => name),
            filter.word,
          )}
          value={filter.word}
          clearable
          comboboxProps={inside}
          onChange={(word) => onFilter({ word })}
        />
        <Select
          label="Checkpoint"
          placeholder="Any"
          data={withChosen(models, filter.checkpoint)}
          value={filter.checkpoint}
          clearable
          comboboxProps={inside}
          onChange={(checkpoint) => onFilter({ checkpoint })}
        />
        {isFiltered ? (
          <Button size="compact-sm" variant="default" onClick={() => onFilter({ ...NO_FILTER, search: filter.search })}>
            Show everything
          </Button>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

function Chosen({ name, onRemove }: { name: string; onRemove: () => void }): ReactNode {
  return (
    <span className={styles["chosen"]}>
      <span className="lx-clip">{name}</span>
      <CloseButton size="xs" aria-label={`Do not filter by ${name}`} onClick={onRemove} />
    </span>
  );
}

function withChosen(names: readonly string[], chosen: string | null): string[] {
  return chosen === null || names.includes(chosen) ? [...names] : [...names, chosen];
}
