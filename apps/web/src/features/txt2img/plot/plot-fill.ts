/** @file The text that the button beside an axis's values fills in: all values of the axis's type. */
import { axisRow, type AxisFiles, type XyzAxisType } from "@lexeme/domain/plot";
import type { Checkpoint, Run } from "@lexeme/protocol";

export interface FillSources {
  checkpoints: readonly Checkpoint[];
  /** Copies of the newest run of the chosen embedding. */
  copies: Run["copies"];
}

/** Values that come from files, by the kind of file. */
const FILES: Readonly<Record<AxisFiles, (sources: FillSources) => readonly string[]>> = {
  checkpoint: ({ checkpoints }) =>
    checkpoints.filter(({ unsupportedReason }) => unsupportedReason === null).map(({ name }) => name),
  trainingCopy: ({ copies }) => copies.map(({ step }) => String(step)),
};

/** The values as text, and the button's label; undefined if there is nothing to fill in. */
export function fillOf(type: XyzAxisType, sources: FillSources): { label: string; text: string } | undefined {
  const { fill, files } = axisRow(type);
  if (fill === undefined) return undefined;
  const values = fill.values ?? (files === undefined ? [] : FILES[files](sources));
  return values.length === 0 ? undefined : { label: fill.label, text: values.map(quoteValue).join(", ") };
}

/** Puts a value in quotes if a comma, a quote or a line end would split it in two. */
function quoteValue(value: string): string {
  return /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
