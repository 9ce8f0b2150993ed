/** @file The gallery's rows; only the rows in sight are in the document. */
import { useElementSize, useMergedRef } from "@mantine/hooks";
import type { GalleryImage } from "@lexeme/protocol";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { thumbnailUrl } from "../../api/client.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { dayTitle, galleryRows, gridColumns, promptOf } from "./gallery-rows.ts";
import styles from "./gallery.module.css";

export interface GalleryGridProps {
  images: readonly GalleryImage[];
  onOpen: (path: string) => void;
  /** The last rows are about to come into sight. */
  onNearEnd: () => void;
}

const SPACING = { minCell: 148, gap: 8 };
const DAY_HEIGHT = 48;
/** The grid's own padding, both sides. */
const PADDING = 48;
const ROWS_BEFORE_END = 3;

export function GalleryGrid({ images, onOpen, onNearEnd }: GalleryGridProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useElementSize();
  const ref = useMergedRef(scroller, size.ref);
  const padding = size.width < 700 ? PADDING / 1.5 : PADDING;
  const { columns, cell } = gridColumns(Math.max(0, size.width - padding), SPACING);
  const rows = useMemo(() => galleryRows(images, columns), [images, columns]);

  // Its functions read the scroll position at each call, so the compiler must not memoize this component and skips it.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === "day" ? DAY_HEIGHT : cell + SPACING.gap),
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
    <div ref={ref} className={styles["scroller"]} tabIndex={0} aria-label="Pictures">
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
                style={{ ...place, gridTemplateColumns: `repeat(${columns}, ${cell}px)`, gap: SPACING.gap }}
              >
                {row.images.map((image) => (
                  <PictureTile
                    key={image.path}
                    src={thumbnailUrl(image.path, 320)}
                    alt={promptOf(image.infotext) || image.file}
                    dragPath={image.path}
                    onClick={() => onOpen(image.path)}
                  />
                ))}
              </div>
            );
          })}
      </div>
    </div>
  );
}
