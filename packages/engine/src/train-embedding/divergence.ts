/** @file The end of a run whose numbers are no numbers any more. */
import { LexemeError } from "@lexeme/core";

export function isFinite(values: Float32Array): boolean {
  return values.every(Number.isFinite);
}

/** `step` is the one that failed, from 1; `kept` the copy that holds the vectors before it, if any step was done. */
export function diverged({
  step,
  kept,
  learnRate,
}: {
  step: number;
  kept: string | undefined;
  learnRate: number;
}): LexemeError {
  const saved = kept === undefined ? "Nothing was saved" : `The vectors of the step before are kept in "${kept}"`;
  return new LexemeError(
    "TRAINING_DIVERGED",
    `Training stopped at step ${step}: the loss is not a number any more, most likely because the learning rate ${learnRate} is too high. ${saved}; the embedding's own file is as it was`,
    { details: { field: "learnRate", step, ...(kept === undefined ? {} : { kept }) } },
  );
}
