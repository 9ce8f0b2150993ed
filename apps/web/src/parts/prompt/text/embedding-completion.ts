/** @file Completing the name of an embedding while a prompt is typed. */

export interface Completion {
  /** Where the typed beginning starts; it ends at the caret. */
  start: number;
  names: string[];
}

const MAX_SHOWN = 8;

/** Fewest characters before names are offered: one letter matches too many names to be of help. */
const MIN_TYPED = 2;

/** Characters that a name cannot hold or that a prompt's grammar uses; a name may hold spaces, so a beginning may reach back over words. */
const DELIMITER = /[,()[\]:|<>\\\n]/;

/**
 * Names that the text before the caret could become: first those that begin with the typed text, then those that contain it. The longest
 * typed beginning wins, so `my cat` completes "my cat face" rather than everything with "cat".
 */
export function completionsAt(text: string, caret: number, names: readonly string[]): Completion | null {
  if (/[\p{L}\p{M}\p{N}_-]/u.test(text[caret] ?? "")) return null;
  let from = caret;
  while (from > 0 && !DELIMITER.test(text[from - 1] ?? "")) from--;

  for (let start = from; start <= caret - MIN_TYPED; start++) {
    if (start > from && !/\s/.test(text[start - 1] ?? "")) continue;
    if (/\s/.test(text[start] ?? "")) continue;
    const typed = text.slice(start, caret).toLowerCase();
    const starting = names.filter((name) => name.toLowerCase().startsWith(typed));
    const holding = names.filter((name) => name.toLowerCase().indexOf(typed) > 0);
    const found = [...starting, ...holding].filter((name) => name.toLowerCase() !== typed);
    if (found.length > 0) return { start, names: found.slice(0, MAX_SHOWN) };
  }
  return null;
}

/** The text with the typed beginning replaced by `name`, and where the caret goes. */
export function complete(text: string, caret: number, chosen: { start: number; name: string }) {
  return {
    text: text.slice(0, chosen.start) + chosen.name + text.slice(caret),
    caret: chosen.start + chosen.name.length,
  };
}
