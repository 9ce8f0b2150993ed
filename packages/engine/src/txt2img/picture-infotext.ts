/** @file What a picture's `parameters` chunk says of how it was made. */
import { writeTxt2imgInfotext, type Txt2imgSettings } from "@lexeme/protocol";
import { infotextScheduleType } from "@lexeme/schedulers";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface InfotextFacts {
  readonly settings: Txt2imgSettings;
  /** Of this picture, not of the job. */
  readonly seed: number;
  readonly checkpoint: Checkpoint;
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly version: string;
}

/** A1111's infotext. Sizes are printed as asked, also when they were rounded down. */
export function pictureInfotext({ settings, seed, checkpoint, embeddingHashes, version }: InfotextFacts): string {
  const { samplerName, scheduler } = settings;
  return writeTxt2imgInfotext({
    ...settings,
    sampler: samplerName,
    scheduleType: infotextScheduleType({ samplerName, scheduleType: scheduler }),
    seed,
    modelHash: checkpoint.shortHash ?? undefined,
    model: checkpoint.modelName,
    vae: checkpoint.vae?.name,
    vaeHash: checkpoint.vae?.shortHash ?? undefined,
    rng: "CPU",
    embeddings: embeddingHashes,
    version: `Lexeme ${version}`,
  });
}
