/** @file The keys of an infotext in A1111's words: one table for writing, reading and A1111's API. */

interface KeyFacts {
  /** A1111's API gives the key in `extra_generation_params`; the other keys have a field of their own in its answer. */
  readonly isExtra?: true;
  /** A text without the key leaves the setting unchanged: A1111 always writes the key, or it means nothing by itself. Other keys then have A1111's default. */
  readonly isKeptWhereMissing?: true;
  /** A reader adds the key with A1111's default to a text without it, so that the default is seen and compared. */
  readonly isFilledIn?: true;
}

const TABLE = {
  Steps: { isKeptWhereMissing: true },
  Sampler: { isKeptWhereMissing: true },
  "Schedule type": { isExtra: true, isFilledIn: true },
  "CFG scale": { isKeptWhereMissing: true },
  Seed: { isKeptWhereMissing: true },
  Size: { isKeptWhereMissing: true },
  "Model hash": {},
  Model: {},
  "VAE hash": {},
  VAE: {},
  "Variation seed": { isKeptWhereMissing: true },
  "Variation seed strength": {},
  "Seed resize from": {},
  "Denoising strength": { isExtra: true },
  "Clip skip": { isFilledIn: true },
  ENSD: {},
  RNG: { isFilledIn: true },
  Tiling: {},
  "Hires sampler": { isExtra: true },
  "Hires prompt": { isExtra: true },
  "Hires negative prompt": { isExtra: true },
  "Hires schedule type": { isExtra: true },
  "Hires upscale": { isExtra: true },
  "Hires resize": { isExtra: true },
  "Hires steps": { isExtra: true },
  "Hires upscaler": { isExtra: true },
  "TI hashes": { isExtra: true },
  Emphasis: { isExtra: true },
  "Discard penultimate sigma": { isExtra: true },
  "Schedule min sigma": { isExtra: true },
  "Schedule max sigma": { isExtra: true },
  "Schedule rho": { isExtra: true },
  "Beta schedule alpha": { isExtra: true },
  "Beta schedule beta": { isExtra: true },
  "SGM noise multiplier": { isExtra: true },
  Eta: { isExtra: true },
  "Eta DDIM": { isExtra: true },
  "Sigma churn": { isExtra: true },
  "Sigma tmin": { isExtra: true },
  "Sigma tmax": { isExtra: true },
  "Sigma noise": { isExtra: true },
  NGMS: { isExtra: true },
  /** In texts from before 2023; it is only read. */
  "First pass size": { isExtra: true },
  Version: {},
} as const satisfies Record<string, KeyFacts>;

/** A key as it is written. */
export type InfotextKey = keyof typeof TABLE;

/** A key as it is read: the two sides of a size are separate keys. */
export type ReadKey = InfotextKey | `${InfotextKey}-${1 | 2}`;

const ORDER = Object.keys(TABLE);

/** The place of a written or read key in A1111's order; -1 for a key of another program. */
export function infotextKeyPlace(key: string): number {
  return ORDER.indexOf(writtenKey(key));
}

/** The facts about a written or read key; undefined for a key of another program. */
export function infotextKeyFacts(key: string): KeyFacts | undefined {
  const written = writtenKey(key);
  return Object.hasOwn(TABLE, written) ? TABLE[written as InfotextKey] : undefined;
}

function writtenKey(key: string): string {
  return key.replace(/-[12]$/u, "");
}

/** The value of a key that an infotext has; undefined if it lacks the key. */
export function infotextValue(parameters: ReadonlyMap<string, string>, key: ReadKey): string | undefined {
  return parameters.get(key);
}

/** Keys of the table and their values in the order of writing; a key whose value is undefined is left out. */
export type KnownParameters = readonly (readonly [key: InfotextKey, value: string | number | undefined])[];
