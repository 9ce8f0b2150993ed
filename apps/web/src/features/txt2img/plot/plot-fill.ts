/** @file What the button beside an axis's values fills in: everything there is of the kind. */
import { axisRow, type AxisFiles, type XyzAxisType } from "@lexeme/domain/plot";
import type { Checkpoint, Run } from "@lexeme/protocol";

export interface FillSources {
  checkpoints: readonly Checkpoint[];
  /** Of the newest run of the chosen embedding. */
  copies: Run["copies"];
}

/** Values that are names of files, by what they name. */
const FILES: Readonly<Record<AxisFiles, (sources: FillSources) => readonly string[]>> = {
  checkpoint: ({ checkpoints }) =>
    checkpoints.filter(({ unsupportedReason }) => unsupportedReason === null).map(({ name }) => name),
  trainingCopy: ({ copies }) => copies.map(({ step }) => String(step)),
};

/** The values as text, and what the button says; undefined where there is nothing to fill in. */
export function fillOf(type: XyzAxisType, sources: FillSources): { label: string; text: string } | undefined {
  const { fill, files } = axisRow(type);
  if (fill === undefined) return undefined;
  const values = fill.values ?? (files === undefined ? [] : FILES[files](sources));
  return values.length === 0 ? undefined : { label: fill.label, text: values.map(quoteValue).join(", ") };
}

/** In quotes where a comma, a quote or a line end would make two values of it. */
function quoteValue(value: string): string {
  return /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
