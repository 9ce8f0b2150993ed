/** @file How many of the text encoder's layers can be left out. */
import { LexemeError } from "@lexeme/core";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

/** Throws LexemeError `CLIP_SKIP_TOO_LARGE` where no layer would be left. */
export function requireClipSkip(clipSkip: number, { textLayers: layers }: Pick<Checkpoint, "textLayers">): void {
  if (clipSkip <= layers) return;
  throw new LexemeError(
    "CLIP_SKIP_TOO_LARGE",
    `Clip skip is at most ${layers} here: this checkpoint's text encoder has ${layers} layers`,
    { details: { field: "clipSkip" } },
  );
}
