/** @file What a picture's `parameters` chunk says of how it was made. */
import { writeTxt2imgInfotext, type Txt2imgSettings } from "@lexeme/protocol";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { samplingInfotext } from "./draw-settings.ts";

export interface InfotextFacts {
  readonly settings: Txt2imgSettings;
  /** Of this picture, not of the job. */
  readonly seed: number;
  /** Of this picture, where the settings ask for a variation. */
  readonly subseed?: number;
  /** Whether the minimum sigma left the negative prompt out somewhere. */
  readonly negativeSkipped?: boolean;
  readonly checkpoint: Checkpoint;
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly version: string;
}

/** A1111's infotext. Sizes are printed as asked, also when they were rounded down. */
export function pictureInfotext(facts: InfotextFacts): string {
  const { settings, seed, subseed = 0, negativeSkipped = false, checkpoint, embeddingHashes, version } = facts;
  return writeTxt2imgInfotext({
    ...settings,
    ...samplingInfotext(settings, { subseed, negativeSkipped }),
    seed,
    modelHash: checkpoint.shortHash ?? undefined,
    model: checkpoint.modelName,
    vae: checkpoint.vae?.name,
    vaeHash: checkpoint.vae?.shortHash ?? undefined,
    embeddings: embeddingHashes,
    version: `Lexeme ${version}`,
  });
}
