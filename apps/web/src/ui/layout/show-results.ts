/** @file On a phone the results lie below a long column of settings: a start scrolls the page to them. */

/** Scrolls to the tab's results if they are not in sight beside the settings. */
export function showResults(): void {
  if (!globalThis.matchMedia("(width < 768px)").matches) return;
  const results = document.querySelector('section[aria-label$=" results"]');
  const tab = results?.parentElement;
  if (!results || !tab) return;
  const calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Not scrollIntoView, which would move the frame around the tab as well.
  const top = tab.scrollTop + results.getBoundingClientRect().top - tab.getBoundingClientRect().top;
  tab.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
}
