/** @file Seeds: whole numbers of 64 bits as torch takes them, kept as decimal text so that no digit is lost on the way. */
import { z } from "zod";

/** A seed's digits, such as "12345678901234567890" or "-5". */
export type Seed = `${bigint}`;

/** `torch.manual_seed` takes what fits 64 bits, with or without a sign. */
export const SEED_MIN = -(2n ** 63n);
export const SEED_MAX = 2n ** 64n - 1n;
const PATTERN = /^\s*[+-]?\d+\s*$/u;
/** More digits than any seed has; a number of a million digits takes long to read. */
const MOST_CHARACTERS = 40;

/** Asks for another seed each time. The seed of the same bits is 2^64 - 1. */
export const RANDOM_SEED: Seed = "-1";
/** A random seed is below this, A1111's own limit. */
export const RANDOM_SEEDS_END = 4_294_967_294;

const SEED_ISSUE = `A whole number from ${SEED_MIN} to ${SEED_MAX} is needed`;

/**
 * Takes a number or digits, gives digits: without plus sign, blanks and leading zeros. A number that a double does not hold exactly is
 * refused, for its digits are lost already. `format` is "seed" in its JSON schema.
 */
export const SeedSchema = z
  .codec(
    z.union([z.string().max(MOST_CHARACTERS, SEED_ISSUE), z.number()], { error: SEED_ISSUE }),
    z.custom<Seed>((value) => typeof value === "string").meta({ type: "string", pattern: String.raw`^-?\d+$` }),
    {
      decode(given, context) {
        const value = readSeed(given);
        if (value !== undefined) return seedText(value);
        context.issues.push({ code: "custom", message: SEED_ISSUE, input: given });
        return z.NEVER;
      },
      encode: (seed) => seed,
    },
  )
  .meta({ format: "seed" });

/** The seed of a picture: `index` after the first one's, and behind the last seed that there is, 0. Never the one that means "random". */
export function seedAfter(first: bigint, index: number): bigint {
  const seed = first + BigInt(index);
  if (seed > SEED_MAX) return seed - SEED_MAX - 1n;
  return seed === BigInt(RANDOM_SEED) ? SEED_MAX : seed;
}

export function seedText(seed: bigint | number): Seed {
  return `${BigInt(seed)}`;
}

/** Undefined for what is no seed. */
function readSeed(given: string | number): bigint | undefined {
  if (typeof given === "number" ? !Number.isSafeInteger(given) : !PATTERN.test(given)) return undefined;
  const value = BigInt(typeof given === "number" ? given : given.trim().replace("+", ""));
  return value < SEED_MIN || value > SEED_MAX ? undefined : value;
}
