/** @file A job that memory is too small for is refused before it is queued, with what would fit. */
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
  // A file that tells no sizes fails where it is opened, with what it lacks.
  if (checkpoint.networkSizes === null) return;
  const problem = problemOf(checkpoint.networkSizes, settings, memoryBytes);
  if (problem !== null)
    throw new LexemeError("MEMORY_TOO_SMALL", problem.message, { details: { field: problem.field } });
}
