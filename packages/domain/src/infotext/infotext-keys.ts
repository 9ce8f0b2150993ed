/** @file The keys of an infotext in A1111's words: the one table for whoever writes, reads or answers with them. */

interface KeyFacts {
  /** A1111's API has it among `extra_generation_params`; the others have a field of their own in its answer. */
  readonly isExtra?: true;
  /** Where the key is missing its setting stays as it is: A1111 always writes it, or it means nothing by itself. Others have A1111's default then. */
  readonly isKeptWhereMissing?: true;
}

const TABLE = {
  Steps: { isKeptWhereMissing: true },
  Sampler: { isKeptWhereMissing: true },
  "Schedule type": { isExtra: true },
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
  "Denoising strength": {},
  "Clip skip": {},
  ENSD: {},
  RNG: {},
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
  Eta: { isExtra: true },
  "Eta DDIM": { isExtra: true },
  "Sigma churn": { isExtra: true },
  "Sigma tmin": { isExtra: true },
  "Sigma tmax": { isExtra: true },
  "Sigma noise": { isExtra: true },
  "Schedule min sigma": { isExtra: true },
  "Schedule max sigma": { isExtra: true },
  "Schedule rho": { isExtra: true },
  "SGM noise multiplier": { isExtra: true },
  NGMS: { isExtra: true },
  /** Of texts from before 2023, read only. */
  "First pass size": { isExtra: true },
  Version: {},
} as const satisfies Record<string, KeyFacts>;

/** A key as it is written. */
export type InfotextKey = keyof typeof TABLE;

/** A key as it is read: two sides of a size come apart. */
export type ReadKey = InfotextKey | `${InfotextKey}-${1 | 2}`;

const ORDER = Object.keys(TABLE);

/** A key's place in A1111's order, as it is written or read; -1 for one that other programs wrote. */
export function infotextKeyPlace(key: string): number {
  return ORDER.indexOf(writtenKey(key));
}

/** What is known of a key, as it is written or read; undefined for one that other programs wrote. */
export function infotextKeyFacts(key: string): KeyFacts | undefined {
  const written = writtenKey(key);
  return Object.hasOwn(TABLE, written) ? TABLE[written as InfotextKey] : undefined;
}

function writtenKey(key: string): string {
  return key.replace(/-[12]$/u, "");
}

/** Keys of the table and their values in the order of writing; undefined is left out. */
export type KnownParameters = readonly (readonly [key: InfotextKey, value: string | number | undefined])[];
