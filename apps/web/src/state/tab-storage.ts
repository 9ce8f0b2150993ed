/** @file What a browser's tab remembers over a reload. Two tabs keep their own texts; a new tab begins with the text that was typed last in any tab. */
import { createJSONStorage, type PersistStorage } from "zustand/middleware";

/** The text under `key` that this tab stored, else the newest of the other tabs; null if there is none. */
export function readTabText(key: string): string | null {
  return sessionStorage.getItem(key) ?? localStorage.getItem(key);
}

/** Stores a text for this tab, and for tabs that are opened later. */
export function writeTabText(key: string, text: string): void {
  sessionStorage.setItem(key, text);
  localStorage.setItem(key, text);
}

/** The same for a store of zustand. */
export function tabStorage<S>(): PersistStorage<S> | undefined {
  return createJSONStorage<S>(() => ({
    getItem: readTabText,
    setItem: writeTabText,
    removeItem: (key) => {
      sessionStorage.removeItem(key);
      localStorage.removeItem(key);
    },
  }));
}
