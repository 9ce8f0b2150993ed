/** @file On a phone the results lie below a long column of settings: a start scrolls the page to them. */
import { scrollIntoSight } from "./scroll-into-sight.ts";

/** Scrolls to the tab's results if they are not in sight beside the settings. */
export function showResults(): void {
  if (!globalThis.matchMedia("(width < 768px)").matches) return;
  const results = document.querySelector('section[aria-label$=" results"]');
  if (results) scrollIntoSight(results);
}
