/** @file Changes a text area's text so that Ctrl+Z takes the change back. */

/** Types the part of `next` that differs over the old text; false if the browser cannot, so that the value must be set without an undo step. */
export function replaceText(area: HTMLTextAreaElement, next: string): boolean {
  const before = area.value;
  if (before === next) return true;
  let start = 0;
  while (start < before.length && before[start] === next[start]) start++;
  let same = 0;
  const longest = Math.min(before.length, next.length) - start;
  while (same < longest && before[before.length - 1 - same] === next[next.length - 1 - same]) same++;

  area.focus();
  area.setSelectionRange(start, before.length - same);
  const typed = next.slice(start, next.length - same);
  // This is deprecated, and still the only way to add an entry to the browser's own undo history.
  return (
    typeof document.execCommand === "function" &&
    document.execCommand(typed === "" ? "delete" : "insertText", false, typed)
  );
}
