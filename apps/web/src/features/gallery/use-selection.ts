/** @file The pictures that are selected in the gallery: one by one, or a range with Shift. */
import { useState } from "react";

export interface Selection {
  /** True while a press on a picture selects it instead of opening it. */
  isOn: boolean;
  paths: ReadonlySet<string>;
  begin: () => void;
  /** Selects a picture or takes it out; with `isRange`, everything from the last one to it. */
  toggle: (path: string, isRange: boolean) => void;
  selectAll: () => void;
  clear: () => void;
}

/** `order` has the paths of all pictures as they are shown; a picture that is no longer among them is not selected any more. */
export function useSelection(order: readonly string[]): Selection {
  const [isOn, setOn] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string | null>(null);
  const paths = chosen.size === 0 ? chosen : new Set(order.filter((path) => chosen.has(path)));

  function toggle(path: string, isRange: boolean): void {
    const next = new Set(paths);
    const [from, to] = [last === null ? -1 : order.indexOf(last), order.indexOf(path)];
    if (isRange && from !== -1) {
      for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one);
    } else if (!next.delete(path)) {
      next.add(path);
    }
    setOn(true);
    setChosen(next);
    setLast(path);
  }

  return {
    isOn,
    paths,
    begin: () => setOn(true),
    toggle,
    selectAll: () => {
      setOn(true);
      setChosen(new Set(order));
    },
    clear: () => {
      setOn(false);
      setChosen(new Set());
      setLast(null);
    },
  };
}
