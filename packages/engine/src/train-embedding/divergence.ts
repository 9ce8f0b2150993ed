/** @file The error that ends a run when a value becomes NaN or infinite. */
import { LexemeError } from "@lexeme/core";

export function isFinite(values: Float32Array): boolean {
  return values.every(Number.isFinite);
}

/** `step` is the failed step, from 1; `kept` is the copy with the vectors of the step before, if any step was done. */
export function diverged({
  step,
  kept,
  learnRate,
}: {
  step: number;
  kept: string | undefined;
  learnRate: number;
}): LexemeError {
  const saved = kept === undefined ? "Nothing was saved" : `The vectors of the step before are saved in "${kept}"`;
  return new LexemeError(
    "TRAINING_DIVERGED",
    `Training stopped at step ${step}: the loss is no longer a number, most likely because the learning rate ${learnRate} is too high. ${saved}; the embedding's own file is unchanged`,
    { details: { field: "learnRate", step, ...(kept === undefined ? {} : { kept }) } },
  );
}
