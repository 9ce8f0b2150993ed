/** @file The definition of an axis of an X/Y/Z plot: one row of the table in `axis-table.ts`. */
import { LexemeError } from "@lexeme/core";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";

export type AxisValue = string | number;

/** Kinds of the user's files that values can name; only the server can find these files. */
export type AxisFiles = "checkpoint" | "trainingCopy";

export interface AxisRow {
  /** Reads the typed parts as values. Throws LexemeError `XYZ_VALUE_UNREADABLE` with `details.field`. */
  readonly read: (parts: readonly string[], reading: AxisReading) => AxisValue[];
  /** The change that a value makes to a cell. */
  readonly apply: (value: AxisValue, cell: AxisCell) => CellChange;
  /** The label of a value, as A1111 writes it. */
  readonly label: (value: AxisValue, embedding: string) => string;
  /** Example values, as a user types them. */
  readonly example: string;
  readonly help?: string;
  /** The axis varies nothing and has one empty value. */
  readonly isEmpty?: true;
  /** Changing the value takes long, so cells with the same value are drawn together. */
  readonly isSlow?: true;
  /** The values concern the plot's embedding, so the user must choose one. */
  readonly isAboutEmbedding?: true;
  /** The values are words that are put into the prompts. */
  readonly areWords?: true;
  /** Whether a value stands for a random seed. */
  readonly isRandom?: (value: AxisValue) => boolean;
  readonly files?: AxisFiles;
  /** The button that fills in all possible values: its text, and the values unless they are files. */
  readonly fill?: { readonly label: string; readonly values?: readonly string[] };
}

/** The facts for reading the values of an axis. */
export interface AxisReading {
  /** The field that the values were typed in, for errors. */
  readonly field: string;
  readonly settings: Txt2imgSettings & { readonly xyzEmbedding: string };
  /** Words that earlier axes put into the prompts. */
  readonly earlierWords: readonly string[];
}

/** A cell while its axes are applied one after the other. */
export interface AxisCell {
  /** The settings after the changes of the earlier axes. */
  readonly settings: Txt2imgSettings;
  /** All values of this axis. */
  readonly values: readonly AxisValue[];
  readonly embedding: string;
}

export interface CellChange {
  readonly settings?: Partial<Txt2imgSettings>;
  /** Step of the training copy that replaces the embedding. */
  readonly copyStep?: number;
}

export function unreadable(message: string, field: string): LexemeError {
  return new LexemeError("XYZ_VALUE_UNREADABLE", message, { details: { field } });
}
