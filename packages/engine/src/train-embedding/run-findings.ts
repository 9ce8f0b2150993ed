/** @file The artifacts that a training made, and the warnings about parts that it left out. */
import { LexemeError, rethrowOwnMistake } from "@lexeme/core";
import type { Artifact } from "@lexeme/domain/jobs";
import type { JobReporter } from "../job-ports.ts";

export class RunFindings {
  readonly artifacts: Artifact[] = [];
  readonly #warnings: string[];
  readonly #reporter: JobReporter;
  /** The parts for which the disk had no room. The page warns of a full disk while it is full. */
  #withoutRoom = 0;

  constructor(warnings: readonly string[], reporter: JobReporter) {
    this.#warnings = [...warnings];
    this.#reporter = reporter;
  }

  get warnings(): string[] {
    if (this.#withoutRoom === 0) return [...this.#warnings];
    const parts = this.#withoutRoom === 1 ? "1 copy or picture was" : `${this.#withoutRoom} copies or pictures were`;
    return [...this.#warnings, `${parts} left out while the disk was full; the log names them`];
  }

  add(artifact: Artifact): void {
    this.artifacts.push(artifact);
    this.#reporter.artifact(artifact);
  }

  /** Warns about a part that could not be made. Throws mistakes of our own again, because no disk, device or prompt caused them. */
  leaveOut(what: string, cause: unknown): void {
    rethrowOwnMistake(cause);
    const warning = `${what} was left out: ${cause instanceof Error ? cause.message : String(cause)}`;
    if (cause instanceof LexemeError && cause.code === "DISK_FULL") this.#withoutRoom += 1;
    else this.#warnings.push(warning);
    this.#reporter.log(warning);
  }
}
