/** @file Makes a job wait between two steps while the server runs other jobs in the same process. */
import type { Turns } from "@lexeme/engine";

export class JobTurns implements Turns {
  readonly #onHolding: () => void;
  readonly #ends: readonly AbortSignal[];
  #othersFirst = false;
  #wake: () => void = () => undefined;

  /** `onHolding` is called when the job computes nothing any more; an abort of one of the signals `ends` ends the wait. */
  constructor(onHolding: () => void, ends: readonly AbortSignal[]) {
    this.#onHolding = onHolding;
    this.#ends = ends;
    for (const end of ends) end.addEventListener("abort", () => this.#wake());
  }

  get othersFirst(): boolean {
    return this.#othersFirst;
  }

  /** The server's `hold` and `go-on`. */
  set othersFirst(othersFirst: boolean) {
    this.#othersFirst = othersFirst;
    if (!othersFirst) this.#wake();
  }

  async wait(): Promise<void> {
    if (!this.#othersFirst || this.#ends.some(({ aborted }) => aborted)) return;
    const isOver = new Promise<void>((resolve) => (this.#wake = resolve));
    this.#onHolding();
    await isOver;
  }
}
