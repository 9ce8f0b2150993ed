/** @file The browser's Back closes what covers the page, and a second, hasty Back does not leave the page. */
import { useEffect, useEffectEvent } from "react";

/** A second Back within this time is taken for a part of the first. */
const HASTY_MS = 800;
/** One entry for the Back that closes, one for a hasty second. */
const ENTRIES = 2;

interface OverlayState {
  /** Place of the entry among those of the overlay, from 1; absent in the page's own entry. */
  overlayEntry?: number;
}

/** While `isOpen`, Back calls `close`. Entries of the history are added when it opens, and removed when it is closed in another way. */
export function useBackCloses(isOpen: boolean, close: () => void): void {
  const onBack = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return;
    for (let entry = 1; entry <= ENTRIES; entry++) history.pushState({ overlayEntry: entry }, "");
    const listener = (): void => {
      if (entryNow() < ENTRIES) onBack();
    };
    globalThis.addEventListener("popstate", listener);
    return () => {
      globalThis.removeEventListener("popstate", listener);
      const left = entryNow();
      // After a Back one entry is left, for a second Back in haste.
      if (left === ENTRIES) history.go(-ENTRIES);
      else if (left > 0) setTimeout(() => entryNow() === left && history.go(-left), HASTY_MS);
    };
  }, [isOpen]);
}

/** 0 for an entry of a page, also if another page was opened meanwhile. */
function entryNow(): number {
  return (history.state as OverlayState | null)?.overlayEntry ?? 0;
}
