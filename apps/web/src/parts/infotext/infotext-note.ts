/** @file A part of an infotext that this Lexeme does not have: a sentence and, if other values can replace it, the values to choose from. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { Checkpoint, Embedding, Vae } from "@lexeme/protocol";

export type NoteField = keyof Txt2imgSettings;

export interface InfotextNote {
  /** The infotext's key, unique among the notes of a reading together with `value`. */
  key: string;
  value: string;
  message: string;
  /** The field that refuses the value. */
  refusedBy?: NoteField;
  /** The field for this part, and the values that the field can hold here. */
  choice?: { field: NoteField; label: string; options: readonly string[] };
}

/** The files and defaults with which an infotext is compared. */
export interface InfotextLibrary {
  checkpoints: readonly Checkpoint[];
  /** Name of the checkpoint that jobs use by default. */
  checkpoint: string | null;
  vaes: readonly Vae[];
  /** The `vae` setting that jobs have by default. */
  vae: string;
  embeddings: readonly Embedding[];
  /** Names of upscalers for hires fix; null while they are not known. */
  upscalers: readonly string[] | null;
}

export interface PartReading {
  settings: Partial<Txt2imgSettings>;
  /** Values of the text that their fields cannot hold, as the text has them. */
  refused?: Partial<Txt2imgSettings>;
  notes: InfotextNote[];
}
