/** @file The artifacts that a training made, and the warnings about parts that it left out. */
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

  /** Warns about a part that could not be made. Throws mistakes of our own again, because no disk, device or prompt caused them. */
  leaveOut(what: string, cause: unknown): void {
    rethrowOwnMistake(cause);
    const warning = `${what} was left out: ${cause instanceof Error ? cause.message : String(cause)}`;
    this.warnings.push(warning);
    this.#reporter.log(warning);
  }
}
