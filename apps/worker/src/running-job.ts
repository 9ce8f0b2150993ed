/** @file The server's messages to one running job, as signals for its use case. */
import type { JobControl } from "@lexeme/engine";
import type { ServerToWorker } from "@lexeme/protocol";
import { JobTurns } from "./job-turns.ts";

/** The messages to a job that runs. */
type JobCommand = Exclude<ServerToWorker, { type: "start" | "run" }>;

export class RunningJob {
  readonly control: JobControl;
  readonly turns: JobTurns;
  readonly #cancel = new AbortController();
  readonly #stop = new AbortController();
  #batch = new AbortController();

  /** `onHolding` is called when the job has stopped computing because of `hold`. */
  constructor(onHolding: () => void) {
    this.turns = new JobTurns(onHolding, [this.#cancel.signal, this.#stop.signal]);
    this.control = {
      cancelled: this.#cancel.signal,
      stopping: this.#stop.signal,
      nextBatch: () => (this.#batch = new AbortController()).signal,
      turns: this.turns,
    };
  }

  handle({ type }: JobCommand): void {
    switch (type) {
      case "stop":
        return this.#stop.abort();
      case "interrupt":
        this.#stop.abort();
        return this.#batch.abort();
      case "skip":
        return this.#batch.abort();
      case "hold":
        this.turns.othersFirst = true;
        return undefined;
      case "go-on":
        this.turns.othersFirst = false;
        return undefined;
      case "cancel":
        return this.#cancel.abort();
      default:
        throw new TypeError(`unknown message ${JSON.stringify(type satisfies never)}`);
    }
  }
}
