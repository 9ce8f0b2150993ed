/** @file Scrolls a page's own columns. Never `scrollIntoView`, which would move the frame around them as well. */

/** Scrolls the nearest ancestor that scrolls until `element` begins at its top. */
export function scrollIntoSight(element: Element): void {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight;
    if (!scrolls) continue;
    const calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = at.scrollTop + element.getBoundingClientRect().top - at.getBoundingClientRect().top;
    at.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
    return;
  }
}
