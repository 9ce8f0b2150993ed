/** @file Checks that a training has steps left: Max steps includes the steps that the embedding has seen already. */
import { LexemeError } from "@lexeme/core";
import type { TrainSettings } from "./train-settings.ts";

/** Throws LexemeError `NOTHING_TO_TRAIN` with `details.field` if the embedding, or the copy to continue from, has already seen Max steps. */
export function requireStepsLeft({ embeddingName, steps }: TrainSettings, seen: number): void {
  if (seen < steps) return;
  throw new LexemeError(
    "NOTHING_TO_TRAIN",
    `"${embeddingName}" has already seen ${seen} steps: set Max steps (now ${steps}) above that to continue`,
    { details: { field: "steps" } },
  );
}
