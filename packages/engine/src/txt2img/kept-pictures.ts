/** @file The pictures of a txt2img job that an earlier attempt drew: an interrupted job goes on with the others, and with the same random seeds. */
import { rethrowOwnMistake } from "@lexeme/core";
import { parseInfotext } from "@lexeme/domain/infotext";
import type { Artifact } from "@lexeme/domain/jobs";
import { RANDOM_SEED, seedText, type Seed, type Txt2imgSettings } from "@lexeme/domain/settings";
import { readPicture, type RawPicture } from "../pictures/raw-picture.ts";

/** A picture with its pixels. */
export interface KeptPicture {
  readonly artifact: Artifact;
  readonly picture: RawPicture;
}

/** Undefined for no artifact, and for an artifact whose file was deleted or cannot be read any more. */
export async function readKept(artifact: Artifact | undefined): Promise<KeptPicture | undefined> {
  if (artifact === undefined) return undefined;
  try {
    return { artifact, picture: await readPicture(artifact.path) };
  } catch (error) {
    rethrowOwnMistake(error);
    return undefined;
  }
}

export class KeptPictures {
  readonly #byPlace: ReadonlyMap<number, Artifact>;

  /** `artifacts` of earlier attempts; of two pictures of a place the later counts. */
  constructor(artifacts: readonly Artifact[]) {
    this.#byPlace = new Map(artifacts.flatMap((one) => (one.place === undefined ? [] : [[one.place, one]])));
  }

  read(place: number): Promise<KeptPicture | undefined> {
    return readKept(this.#byPlace.get(place));
  }

  /** The settings with the first seeds that were drawn for -1; where nothing was drawn, they stay as they are. */
  withSeeds(settings: Txt2imgSettings): Txt2imgSettings {
    const [[place, any] = []] = this.#byPlace;
    if (place === undefined || any?.seed === undefined) return settings;
    const variation = parseInfotext(any.infotext ?? "").parameters.get("Variation seed");
    const first = (seed: string): Seed => seedText(BigInt(seed) - BigInt(place));
    return {
      ...settings,
      // With a variation all pictures of the job have the same seed.
      ...(settings.seed === RANDOM_SEED && { seed: settings.subseedStrength > 0 ? any.seed : first(any.seed) }),
      ...(settings.subseed === RANDOM_SEED && variation !== undefined && { subseed: first(variation) }),
    };
  }
}
