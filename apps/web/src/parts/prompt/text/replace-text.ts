/** @file Changing a text area's text so that Ctrl+Z takes it back. */

/** Types `next` over what differs from it; false when the browser cannot, and the value must be set without an undo step. */
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
  // Deprecated, and still the only way to an entry in the browser's own undo history.
  return (
    typeof document.execCommand === "function" &&
    document.execCommand(typed === "" ? "delete" : "insertText", false, typed)
  );
}
