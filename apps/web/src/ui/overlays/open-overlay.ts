/** @file Which open parts of the page use the key Escape before the page itself does. */

const LAYERS = '[role="dialog"], [role="menu"]';
const LISTS = '[role="listbox"], input[aria-expanded="true"], textarea[aria-expanded="true"]';

/** True inside a dialog, a menu, or a field whose list of options is open: Escape closes that first. */
export function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${LAYERS}, ${LISTS}`) !== null;
}

/** True while a dialog or a menu is open anywhere, or a list of options at `target`. */
export function isAnythingOpen(target: EventTarget | null): boolean {
  return isInOverlay(target) || document.querySelector(LAYERS) !== null;
}
