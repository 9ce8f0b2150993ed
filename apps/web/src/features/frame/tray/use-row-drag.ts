/** @file Moving a row of a list by its handle: with a mouse, a finger or the arrow keys. */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

/** Pixels from the edge of the scrolled box in which a drag scrolls it, and the pixels of each scroll. */
const EDGE = 40;
const SCROLL = 14;

export interface RowDrag {
  /** The row that is dragged now, the row that it would be put before (null at the end), and the last row in the page if it would be put below that. */
  dragged: { id: string; before: string | null; below: string | null } | null;
  handlers: (id: string) => {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

/**
 * `ids` are the rows in their order; each row is a `li` with `data-row` and its handle has `data-handle`, both with the id.
 * `onMove` gets the id of the row that follows afterwards, or null for the end.
 */
export function useRowDrag(ids: readonly string[], onMove: (id: string, before: string | null) => void): RowDrag {
  const [started, setDragged] = useState<RowDrag["dragged"]>(null);
  // A row can leave the list during its drag.
  const dragged = started !== null && ids.includes(started.id) ? started : null;
  const refocus = useRef<string | null>(null);
  // A row that changes its place in the document loses the focus.
  useEffect(() => {
    if (refocus.current === null) return;
    document.querySelector<HTMLElement>(`[data-handle="${refocus.current}"]`)?.focus();
    refocus.current = null;
  }, [ids]);

  function move(id: string, before: string | null): void {
    const at = ids.indexOf(id);
    if (before === id || before === (ids[at + 1] ?? null)) return;
    onMove(id, before);
  }

  return {
    dragged,
    handlers: (id) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged({ id, before: id, below: null });
      },
      onPointerMove: (event) => {
        if (dragged === null) return;
        scrollAtEdge(event);
        setDragged({ id, ...placeAt(event, ids) });
      },
      onPointerUp: () => {
        if (dragged !== null) move(dragged.id, dragged.before);
        setDragged(null);
      },
      onPointerCancel: () => setDragged(null),
      onKeyDown: (event) => {
        const before = rowAfterKey(ids, id, event.key);
        if (before === undefined) return;
        event.preventDefault();
        refocus.current = id;
        move(id, before);
      },
    }),
  };
}

/** The row before which a key puts the row; undefined for a key that does not move. */
function rowAfterKey(ids: readonly string[], id: string, key: string): string | null | undefined {
  const at = ids.indexOf(id);
  switch (key) {
    case "ArrowUp":
      return ids[Math.max(0, at - 1)];
    case "ArrowDown":
      return ids[at + 2] ?? null;
    case "Home":
      return ids[0];
    case "End":
      return null;
    default:
      return undefined;
  }
}

/** The place at the pointer: before the first row whose middle is below it, else below the last row in the page, which more rows can follow in the list. */
function placeAt(
  { currentTarget, clientY }: PointerEvent<HTMLElement>,
  ids: readonly string[],
): { before: string | null; below: string | null } {
  const rows = [...(currentTarget.closest("ul")?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  for (const row of rows) {
    const { top, height } = row.getBoundingClientRect();
    if (clientY < top + height / 2) return { before: row.dataset["row"] ?? null, below: null };
  }
  const below = rows.at(-1)?.dataset["row"] ?? null;
  return { before: (below === null ? undefined : ids[ids.indexOf(below) + 1]) ?? null, below };
}

function scrollAtEdge({ currentTarget, clientY }: PointerEvent<HTMLElement>): void {
  const box = currentTarget.closest("[data-scrolls]");
  if (box === null) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (clientY < top + EDGE) box.scrollBy(0, -SCROLL);
  else if (clientY > bottom - EDGE) box.scrollBy(0, SCROLL);
}
