/** @file What an infotext asks for and this Lexeme has not, said in a sentence and, where another value can stand in, with the values to choose from. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { Checkpoint, Embedding, Vae } from "@lexeme/protocol";

export type NoteField = keyof Txt2imgSettings;

export interface InfotextNote {
  /** The infotext's key, unique among the notes of a reading together with `value`. */
  key: string;
  value: string;
  message: string;
  /** The field that would hold it, and what it can hold here. */
  choice?: { field: NoteField; label: string; options: readonly string[] };
}

/** What there is here to compare an infotext with. */
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
  /** What the text says of a field that cannot hold it, as it stands there. */
  refused?: Partial<Txt2imgSettings>;
  notes: InfotextNote[];
}
