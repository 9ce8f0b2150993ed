/** @file What a training made, and what it went on without. */
import { rethrowOwnMistake } from "@lexeme/core";
import type { Artifact } from "@lexeme/domain/jobs";
import type { JobReporter } from "../job-ports.ts";

export class RunFindings {
  readonly artifacts: Artifact[] = [];
  readonly warnings: string[];
  readonly #reporter: JobReporter;

  constructor(warnings: readonly string[], reporter: JobReporter) {
    this.warnings = [...warnings];
    this.#reporter = reporter;
  }

  add(artifact: Artifact): void {
    this.artifacts.push(artifact);
    this.#reporter.artifact(artifact);
  }

  /** Goes on without what could not be made. Rethrows mistakes of our own, which no disk, device or prompt caused. */
  leaveOut(what: string, cause: unknown): void {
    rethrowOwnMistake(cause);
    const warning = `${what} was left out: ${cause instanceof Error ? cause.message : String(cause)}`;
    this.warnings.push(warning);
    this.#reporter.log(warning);
  }
}
