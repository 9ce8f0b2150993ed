/** @file Scrolls a page's own columns. Never `scrollIntoView`, which would move the frame around them as well. */

/** A column that scrolls, and where it must be scrolled to so that an element in it begins at its top. */
export interface Sight {
  column: Element;
  /** As far as the column's content reaches. */
  top: number;
  /** False if the content ends too early, so that the element can only begin lower. */
  isReachable: boolean;
}

/** The nearest ancestor that scrolls, and the place of `element` in it; null if none scrolls. */
export function sightOf(element: Element): Sight | null {
  for (let column = element.parentElement; column !== null; column = column.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(column).overflowY) && column.scrollHeight > column.clientHeight;
    if (!scrolls) continue;
    const top = column.scrollTop + element.getBoundingClientRect().top - column.getBoundingClientRect().top;
    const end = column.scrollHeight - column.clientHeight;
    return { column, top: Math.min(top, end), isReachable: top < end + 1 };
  }
  return null;
}

/** Scrolls smoothly, or at once for people who asked their system for less motion. */
export function scrollToSight({ column, top }: Sight): void {
  const calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
  column.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
}

/** Scrolls the nearest ancestor that scrolls until `element` begins at its top. */
export function scrollIntoSight(element: Element): void {
  const sight = sightOf(element);
  if (sight !== null) scrollToSight(sight);
}
