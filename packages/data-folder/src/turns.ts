/** @file The changes of a folder or file are made one after the other, because two changes at once would lose one of them. */
import { resolve } from "node:path";

/** The end of the last change of each folder that is being changed. */
const LAST = new Map<string, Promise<unknown>>();

/**
 * Runs `change` after all earlier changes of `path` in this process, also after failed ones, and returns its result. A change must not begin
 * another change of the same path, for which it would wait forever.
 */
export function inTurn<T>(path: string, change: () => Promise<T>): Promise<T> {
  const key = resolve(path);
  const changed = (LAST.get(key) ?? Promise.resolve()).then(change);
  const end = changed
    .catch(() => undefined)
    .then(() => {
      if (LAST.get(key) === end) LAST.delete(key);
    });
  LAST.set(key, end);
  return changed;
}
