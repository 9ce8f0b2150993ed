/** @file On a phone the results lie below a long column of settings: whoever started something is taken there. */

/** Scrolls to the tab's results where they are not in sight beside the settings. */
export function showResults(): void {
  if (!globalThis.matchMedia("(width < 768px)").matches) return;
  const calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document
    .querySelector('section[aria-label$=" results"]')
    ?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
