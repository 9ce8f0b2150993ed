/** @file A titled group of the tray's rows. Long groups are drawn page by page, because hundreds of rows would make the tray slow. */
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { formatCount } from "../../../ui/text/format.ts";
import styles from "./job-tray.module.css";

const PAGE = 30;

export interface JobGroupProps<T> {
  title: string;
  items: readonly T[];
  /** Draws the row of an item. */
  row: (item: T) => ReactNode;
  /** A button for all of the group, beside its title. */
  action?: ReactNode;
  /** A sentence after the last row. */
  note?: ReactNode;
}

/** Draws nothing for a group without items. */
export function JobGroup<T>({ title, items, row, action, note }: JobGroupProps<T>): ReactNode {
  const [pages, setPages] = useState(1);
  const hidden = items.length - pages * PAGE;
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <div className={styles["groupHead"]}>
        <h3 className={styles["group"]}>{title}</h3>
        {action}
      </div>
      <ul className={styles["rows"]}>{items.slice(0, pages * PAGE).map(row)}</ul>
      {hidden > 0 ? (
        <Button size="compact-sm" variant="default" mt={8} onClick={() => setPages(pages + 3)}>
          {`Show more (${formatCount(hidden)} not shown)`}
        </Button>
      ) : null}
      {note}
    </section>
  );
}
