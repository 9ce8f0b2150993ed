/** @file What a picture's `parameters` chunk says of how it was made. */
import { seedText, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { Options } from "@lexeme/domain/options";
import { writeTxt2imgInfotext } from "@lexeme/domain/infotext";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface InfotextFacts {
  readonly settings: Txt2imgSettings;
  /** Of this picture, not of the job. */
  readonly seed: bigint;
  /** Of this picture, where the settings ask for a variation. */
  readonly subseed?: bigint;
  /** Whether the minimum sigma left the negative prompt out somewhere. */
  readonly negativeSkipped?: boolean;
  readonly checkpoint: Checkpoint;
  readonly embeddingHashes: readonly { readonly name: string; readonly shortHash: string }[];
  readonly version: string;
  /** What of it is told. */
  readonly options: Options;
}

/** A1111's infotext, as far as the options want it told. */
export function pictureInfotext(facts: InfotextFacts): string {
  const {
    settings,
    seed,
    subseed = 0n,
    negativeSkipped = false,
    checkpoint,
    embeddingHashes,
    version,
    options,
  } = facts;
  return writeTxt2imgInfotext(settings, {
    seed: seedText(seed),
    subseed: seedText(subseed),
    negativeSkipped,
    modelHash: (options.add_model_hash_to_info ? checkpoint.shortHash : null) ?? undefined,
    model: options.add_model_name_to_info ? checkpoint.modelName : undefined,
    vae: options.add_vae_name_to_info ? checkpoint.vae?.name : undefined,
    vaeHash: (options.add_vae_hash_to_info ? checkpoint.vae?.shortHash : null) ?? undefined,
    embeddings: options.textual_inversion_add_hashes_to_infotext ? embeddingHashes : [],
    version: options.add_version_to_infotext ? `Lexeme ${version}` : undefined,
  });
}
