/** @file Seeds: whole numbers of 64 bits, as torch takes them, stored as decimal text so that no digit is lost. */
import { z } from "zod";

/** A seed's digits, such as "12345678901234567890" or "-5". */
export type Seed = `${bigint}`;

/** `torch.manual_seed` takes numbers that fit into 64 bits, with or without a sign. */
export const SEED_MIN = -(2n ** 63n);
export const SEED_MAX = 2n ** 64n - 1n;
const PATTERN = /^\s*[+-]?\d+\s*$/u;
/** More digits than any seed has; reading a number of a million digits would take long. */
const MOST_CHARACTERS = 40;

/** Asks for a random seed each time. The seed 2^64 - 1 has the same bits. */
export const RANDOM_SEED: Seed = "-1";
/** Random seeds are below this number, A1111's own limit. */
export const RANDOM_SEEDS_END = 4_294_967_294;

const SEED_ISSUE = `A whole number from ${SEED_MIN} to ${SEED_MAX} is needed`;

/**
 * Takes a number or digits, and gives digits without plus sign, blanks and leading zeros. A number that a double does not hold exactly is
 * refused, because its digits are already lost. `format` is "seed" in the JSON schema.
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

/** The seed of picture `index`, counted up from the first picture's. After the largest seed follows 0. The result is never the seed that means "random". */
export function seedAfter(first: bigint, index: number): bigint {
  const seed = first + BigInt(index);
  if (seed > SEED_MAX) return seed - SEED_MAX - 1n;
  return seed === BigInt(RANDOM_SEED) ? SEED_MAX : seed;
}

export function seedText(seed: bigint | number): Seed {
  return `${BigInt(seed)}`;
}

/** The seed's number; undefined for an input that is not a seed. */
function readSeed(given: string | number): bigint | undefined {
  if (typeof given === "number" ? !Number.isSafeInteger(given) : !PATTERN.test(given)) return undefined;
  const value = BigInt(typeof given === "number" ? given : given.trim().replace("+", ""));
  return value < SEED_MIN || value > SEED_MAX ? undefined : value;
}
