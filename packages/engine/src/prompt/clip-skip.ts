/** @file The limit for "Clip skip", the number of the text encoder's layers. */
import { LexemeError } from "@lexeme/core";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

/** Throws LexemeError `CLIP_SKIP_TOO_LARGE` if no layer would remain. */
export function requireClipSkip(clipSkip: number, { textLayers: layers }: Pick<Checkpoint, "textLayers">): void {
  if (clipSkip <= layers) return;
  throw new LexemeError(
    "CLIP_SKIP_TOO_LARGE",
    `Clip skip is at most ${layers} here: this checkpoint's text encoder has ${layers} layers`,
    { details: { field: "clipSkip" } },
  );
}
