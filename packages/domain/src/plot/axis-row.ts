/** @file What an axis of an X/Y/Z plot has to say of itself: one row of the table in `axis-table.ts`. */
import { LexemeError } from "@lexeme/core";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";

export type AxisValue = string | number;

/** Files of the user's that values name, which only the server can find. */
export type AxisFiles = "checkpoint" | "trainingCopy";

export interface AxisRow {
  /** Values from the parts that were typed. Throws LexemeError `XYZ_VALUE_UNREADABLE` with `details.field`. */
  readonly read: (parts: readonly string[], reading: AxisReading) => AxisValue[];
  /** What a value changes of a cell. */
  readonly apply: (value: AxisValue, cell: AxisCell) => CellChange;
  /** A1111's way to label a value. */
  readonly label: (value: AxisValue, embedding: string) => string;
  /** How values are written. */
  readonly example: string;
  readonly help?: string;
  /** The axis varies nothing and has one empty value. */
  readonly isEmpty?: true;
  /** A change of the value takes long, so that cells of one value are drawn together. */
  readonly isSlow?: true;
  /** The values are about the plot's embedding, which then has to be chosen. */
  readonly isAboutEmbedding?: true;
  /** The values are words that come into the prompts. */
  readonly areWords?: true;
  /** Whether a value stands for a random seed. */
  readonly isRandom?: (value: AxisValue) => boolean;
  readonly files?: AxisFiles;
  /** The button that fills in all values there are: its text, and the values where they are no files. */
  readonly fill?: { readonly label: string; readonly values?: readonly string[] };
}

/** What the values of an axis are read with. */
export interface AxisReading {
  /** Where they were typed, for faults. */
  readonly field: string;
  readonly settings: Txt2imgSettings & { readonly xyzEmbedding: string };
  /** Words that earlier axes put into the prompts. */
  readonly earlierWords: readonly string[];
}

/** A cell while its axes are applied one after the other. */
export interface AxisCell {
  /** As the axes before have made them. */
  readonly settings: Txt2imgSettings;
  /** All values of this axis. */
  readonly values: readonly AxisValue[];
  readonly embedding: string;
}

export interface CellChange {
  readonly settings?: Partial<Txt2imgSettings>;
  /** Step of the training copy that stands for the embedding. */
  readonly copyStep?: number;
}

export function unreadable(message: string, field: string): LexemeError {
  return new LexemeError("XYZ_VALUE_UNREADABLE", message, { details: { field } });
}
