/** @file What the button beside an axis's values fills in: everything there is of the kind. */
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import type { XyzAxisType } from "@lexeme/domain/plot";
import type { Checkpoint, Run } from "@lexeme/protocol";

export interface FillSources {
  checkpoints: readonly Checkpoint[];
  /** Of the newest run of the chosen embedding. */
  copies: Run["copies"];
}

/** The values as text, and what the button says; undefined where there is nothing to fill in. */
export function fillOf(type: XyzAxisType, sources: FillSources): { label: string; text: string } | undefined {
  const fill = (label: string, values: readonly string[]) =>
    values.length === 0 ? undefined : { label, text: values.map(quoteValue).join(", ") };
  switch (type) {
    case "Sampler":
      return fill("Fill in all samplers", SAMPLER_NAMES);
    case "Checkpoint name": {
      const usable = sources.checkpoints.filter(({ unsupportedReason }) => unsupportedReason === null);
      return fill(
        "Fill in all checkpoints",
        usable.map(({ name }) => name),
      );
    }
    case "Training copy":
      return fill(
        "Fill in the copies of the last training",
        sources.copies.map(({ step }) => String(step)),
      );
    default:
      return undefined;
  }
}

/** In quotes where a comma, a quote or a line end would make two values of it. */
function quoteValue(value: string): string {
  return /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
