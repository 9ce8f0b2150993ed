/** @file The gallery's rows; only the rows in sight are in the document. */
import { Checkbox } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import type { GalleryImage } from "@lexeme/protocol";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { thumbnailUrl } from "../../api/client.ts";
import { dayTitle, formatPlural } from "../../ui/text/format.ts";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { galleryRows, gridColumns, promptOf } from "./gallery-rows.ts";
import type { TileSize } from "./tile-size.ts";
import type { Selection } from "./use-selection.ts";
import styles from "./gallery.module.css";

export interface GalleryGridProps {
  images: readonly GalleryImage[];
  size: TileSize;
  selection: Selection;
  onOpen: (path: string) => void;
  /** The last rows are about to come into sight. */
  onNearEnd: () => void;
}

const GAP = 8;
const DAY_HEIGHT = 48;
/** The grid's own padding, both sides. */
const PADDING = 48;
const ROWS_BEFORE_END = 3;

export function GalleryGrid({ images, size: tile, selection, onOpen, onNearEnd }: GalleryGridProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useElementSize();
  const ref = useMergedRef(scroller, size.ref);
  const padding = size.width < 700 ? PADDING / 1.5 : PADDING;
  const { columns, cell } = gridColumns(Math.max(0, size.width - padding), { ...tile, gap: GAP });
  const rows = useMemo(() => galleryRows(images, columns), [images, columns]);

  // Its functions read the scroll position at each call, so the compiler must not memoize this component and skips it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "day" ? DAY_HEIGHT : cell + GAP),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  // Heights follow the width, and the virtualizer keeps its first estimates.
  useEffect(() => virtual.measure(), [virtual, cell]);
  useEffect(() => {
    if (lastShown >= rows.length - ROWS_BEFORE_END) onNearEnd();
  });

  return (
    <div ref={ref} className={styles["scroller"]} role="region" tabIndex={0} aria-label="Pictures">
      <div style={{ position: "relative", height: virtual.getTotalSize() }}>
        {size.width > 0 &&
          items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const place = { transform: `translateY(${item.start}px)`, height: item.size };
            if (row.kind === "day") {
              return (
                <h2 key={item.key} className={styles["day"]} style={place}>
                  {dayTitle(row.day, new Date())}
                  <span>{formatPlural(row.count, "picture")}</span>
                </h2>
              );
            }
            return (
              <div
                key={item.key}
                className={styles["row"]}
                style={{ ...place, gridTemplateColumns: `repeat(${columns}, ${cell}px)`, gap: GAP }}
              >
                {row.images.map((image) => (
                  <SelectableTile
                    key={image.path}
                    image={image}
                    thumbnail={tile.thumbnail}
                    selection={selection}
                    onOpen={onOpen}
                  />
                ))}
              </div>
            );
          })}
      </div>
    </div>
  );
}

interface SelectableTileProps extends Pick<GalleryGridProps, "selection" | "onOpen"> {
  image: GalleryImage;
  /** Pixels of the thumbnail. */
  thumbnail: number;
}

function SelectableTile({ image, thumbnail, selection, onOpen }: SelectableTileProps): ReactNode {
  const alt = promptOf(image.infotext) || image.file;
  const isSelected = selection.paths.has(image.path);
  return (
    <div className={styles["tile"]} data-selecting={selection.isOn} data-selected={isSelected}>
      <PictureTile
        src={thumbnailUrl(image.path, thumbnail)}
        alt={alt}
        dragPath={image.path}
        onClick={(event) => (selection.isOn ? selection.toggle(image.path, event.shiftKey) : onOpen(image.path))}
      />
      <Checkbox
        className={styles["check"] ?? ""}
        aria-label={`Select ${alt}`}
        checked={isSelected}
        // A change event does not tell whether Shift is held.
        onClick={(event) => selection.toggle(image.path, event.shiftKey)}
        onChange={() => undefined}
      />
    </div>
  );
}
