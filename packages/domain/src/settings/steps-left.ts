/** @file Whether a training has anything to do: Max steps counts the steps that the embedding has seen already. */
import { LexemeError } from "@lexeme/core";
import type { TrainSettings } from "./train-settings.ts";

/** Throws LexemeError `NOTHING_TO_TRAIN` with `details.field` when the embedding, or the copy to go on from, has seen that many steps. */
export function requireStepsLeft({ embeddingName, steps }: TrainSettings, seen: number): void {
  if (seen < steps) return;
  throw new LexemeError(
    "NOTHING_TO_TRAIN",
    `"${embeddingName}" has already seen ${seen} steps: set Max steps above that (it is ${steps}) to go on`,
    { details: { field: "steps" } },
  );
}
