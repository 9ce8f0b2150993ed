/** @file On a phone the results lie below a long column of settings: a start, or the title of a job, scrolls the page to them. */
import { scrollToSight, sightOf, type Sight } from "./scroll-into-sight.ts";

/** The time that a tab and its results may take to appear: both are fetched. */
const PATIENCE_MS = 15_000;
/** The time in which results that fill the screen may still move. */
const SETTLING_MS = 2500;
/** A scroll that has not moved for this long was ended by something else. */
const STANDSTILL_MS = 200;
/** Whoever does one of these has taken over the page. */
const HANDS = ["pointerdown", "wheel", "keydown"] as const;

let leaveAlone = (): void => undefined;

/** On a phone, scrolls to the results of the tab that is open or about to open, and keeps them in sight while they grow, until the user does something. */
export function showResults(): void {
  leaveAlone();
  if (!globalThis.matchMedia("(width < 768px)").matches) return;
  const hands = new AbortController();
  leaveAlone = () => hands.abort();
  for (const hand of HANDS)
    globalThis.addEventListener(hand, leaveAlone, { capture: true, passive: true, signal: hands.signal });
  let until = performance.now() + PATIENCE_MS;
  let isReached = false;
  let asked = { top: NaN, scrolled: NaN, at: 0 };

  function look(): void {
    const now = performance.now();
    if (hands.signal.aborted || now > until) return hands.abort();
    requestAnimationFrame(look);
    const sight = resultsSight();
    if (sight === null) return;
    if (sight.isReachable && !isReached) until = now + SETTLING_MS;
    isReached ||= sight.isReachable;
    const scrolled = sight.column.scrollTop;
    const isSamePlace = Math.abs(asked.top - sight.top) < 1;
    if (isSamePlace && scrolled !== asked.scrolled) asked = { ...asked, scrolled, at: now };
    if (Math.abs(sight.top - scrolled) < 1 || (isSamePlace && now - asked.at < STANDSTILL_MS)) return;
    asked = { top: sight.top, scrolled, at: now };
    scrollToSight(sight);
  }
  // The tab that is about to open stands in the page by the next frame.
  requestAnimationFrame(look);
}

function resultsSight(): Sight | null {
  const results = document.querySelector('section[aria-label$=" results"]');
  return results && sightOf(results);
}
