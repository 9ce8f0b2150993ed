/** @file The infotext of a drawn picture, for its `parameters` chunk. */
import { seedText, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { Options } from "@lexeme/domain/options";
import { writeTxt2imgInfotext } from "@lexeme/domain/infotext";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Draw, DrawPass } from "./draw.ts";

/** The facts about one picture of a drawing. */
export interface PictureFacts {
  readonly seed: bigint;
  /** The variation seed of this picture, if the settings ask for a variation. */
  readonly subseed: bigint;
  /** Whether the minimum sigma left the negative prompt out in at least one step. */
  readonly negativeSkipped: boolean;
}

export interface InfotextSource {
  readonly checkpoint: Checkpoint;
  readonly version: string;
  /** The options that choose the optional parts. */
  readonly options: Options;
}

/** A1111's infotext, with the parts that the options choose. */
export function pictureInfotext(
  draw: Pick<Draw, "settings" | "passes">,
  { seed, subseed, negativeSkipped }: PictureFacts,
  { checkpoint, version, options }: InfotextSource,
): string {
  return writeTxt2imgInfotext(shownSettings(draw), {
    seed: seedText(seed),
    subseed: seedText(subseed),
    negativeSkipped,
    modelHash: (options.add_model_hash_to_info ? checkpoint.shortHash : null) ?? undefined,
    model: options.add_model_name_to_info ? checkpoint.modelName : undefined,
    vae: options.add_vae_name_to_info ? checkpoint.vae?.name : undefined,
    vaeHash: (options.add_vae_hash_to_info ? checkpoint.vae?.shortHash : null) ?? undefined,
    embeddings: options.textual_inversion_add_hashes_to_infotext ? embeddingHashes(draw) : [],
    version: options.add_version_to_infotext ? `Lexeme ${version}` : undefined,
  });
}

/** The settings with the prompts as infotext shows them. */
function shownSettings({ settings, passes: [first, second] }: Pick<Draw, "settings" | "passes">): Txt2imgSettings {
  const { prompt: hrPrompt = "", negativePrompt: hrNegativePrompt = "" } = second?.shown ?? {};
  return { ...settings, ...first.shown, hrPrompt, hrNegativePrompt };
}

/** The hashes of the first pass, then those that only a later pass has, which A1111 leaves out. */
function embeddingHashes({ passes: [first, ...later] }: Pick<Draw, "passes">): DrawPass["embeddingHashes"] {
  const known = new Set(first.embeddingHashes.map(({ name }) => name));
  const added = later.flatMap((pass) => pass.embeddingHashes).filter(({ name }) => !known.has(name));
  return [...first.embeddingHashes, ...added];
}
