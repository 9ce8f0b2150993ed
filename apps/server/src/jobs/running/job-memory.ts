/** @file Refuses a job that needs too much memory before it is queued. The error says which settings would fit. */
import { LexemeError } from "@lexeme/core";
import type { MemoryProblem } from "@lexeme/domain/memory";
import type { Checkpoint } from "@lexeme/protocol";

type Problem<S> = (
  sizes: NonNullable<Checkpoint["networkSizes"]>,
  settings: S,
  usableBytes: number,
) => MemoryProblem | null;

/** Throws LexemeError `MEMORY_TOO_SMALL` with the setting to change. */
export function requireMemory<S>(
  problemOf: Problem<S>,
  settings: S,
  { checkpoint, memoryBytes }: { checkpoint: Checkpoint; memoryBytes: number },
): void {
  // A file whose sizes are unknown fails when it is opened, and that error says what is missing.
  if (checkpoint.networkSizes === null) return;
  const problem = problemOf(checkpoint.networkSizes, settings, memoryBytes);
  if (problem !== null)
    throw new LexemeError("MEMORY_TOO_SMALL", problem.message, { details: { field: problem.field } });
}
