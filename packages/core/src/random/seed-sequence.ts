/**
 * @file numpy's `SeedSequence` (O'Neill's seed_seq alternative, numpy 1.17 to 2): mixes entropy and a spawn key into a pool of 32-bit
 * words, from which any number of seeds is drawn. torchsde derives the seed of every node of a Brownian tree this way.
 */

/** The constants of numpy/random/bit_generator.pyx. */
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_MULT_L = 0xca01f9dd;
const MIX_MULT_R = 0x4973f715;
const XSHIFT = 16;

export interface SeedSequenceOptions {
  /** The path of this child among the children of the entropy. Each number is mixed in as its 32-bit words. */
  readonly spawnKey?: readonly number[];
  /** Words in the pool; 4 by default, as in numpy. */
  readonly poolSize?: number;
}

export class SeedSequence {
  readonly #pool: Uint32Array;

  /** `entropy` is a whole number from 0, of any size as a bigint. */
  constructor(entropy: number | bigint, { spawnKey = [], poolSize = 4 }: SeedSequenceOptions = {}) {
    const words = wordsOf(entropy);
    // The padding makes sure that an entropy with a spawn key does not equal another, longer entropy.
    while (spawnKey.length > 0 && words.length < poolSize) words.push(0);
    this.#pool = mixEntropy([...words, ...spawnKey.flatMap(wordsOf)], poolSize);
  }

  /** `generate_state(count)`. Every call starts with the same words. */
  generateState(count: number): Uint32Array {
    let hash = INIT_B;
    return Uint32Array.from({ length: count }, (_, i) => {
      let value = this.#pool[i % this.#pool.length]! ^ hash;
      hash = Math.imul(hash, MULT_B);
      value = Math.imul(value, hash);
      return value ^ (value >>> XSHIFT);
    });
  }
}

/** Little-endian 32-bit words, at least one. */
function wordsOf(value: number | bigint): number[] {
  const isWhole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (!isWhole || value < 0) throw new RangeError(`entropy must be a whole number from 0, got ${value}`);
  const words: number[] = [];
  let rest = BigInt(value);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}

function mixEntropy(entropy: readonly number[], poolSize: number): Uint32Array {
  let constant = INIT_A;
  const hash = (word: number): number => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, MULT_A);
    const value = Math.imul(mixed, constant);
    return value ^ (value >>> XSHIFT);
  };
  const mix = (x: number, y: number): number => {
    const value = (Math.imul(MIX_MULT_L, x) - Math.imul(MIX_MULT_R, y)) | 0;
    return value ^ (value >>> XSHIFT);
  };
  const pool = Uint32Array.from({ length: poolSize }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < poolSize; from++) {
    for (let to = 0; to < poolSize; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  }
  for (const word of entropy.slice(poolSize)) {
    for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to]!, hash(word));
  }
  return pool;
}
