/** @file Tells the second press of a double click, or of a key that was hit twice, from a new wish. */

/** The same action that is asked for again within this time is one press too many. */
const DOUBLE_PRESS_MS = 800;

/** Remembers the last action that began. */
export class DoublePress {
  #last = { action: "", at: -Infinity };

  /** Whether the action begins: false for one that began a moment ago. `action` is compared as JSON. */
  begins(action: unknown): boolean {
    const text = JSON.stringify(action) ?? "";
    if (this.justBegan() && text === this.#last.action) return false;
    this.#last = { action: text, at: performance.now() };
    return true;
  }

  /** Whether some action began a moment ago, and was not refused. */
  justBegan(): boolean {
    return performance.now() - this.#last.at < DOUBLE_PRESS_MS;
  }

  /** The action was refused: whoever presses again wants to try again. */
  refused(): void {
    this.#last = { action: "", at: -Infinity };
  }
}
