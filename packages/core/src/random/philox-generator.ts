/**
 * @file Philox4x32-10 (Salmon et al. 2011) drawing normal noise as torch's CUDA generator does for a picture's latents: bit for bit the
 * noise of an NVIDIA card, A1111's source "NV" and, there, its default "GPU".
 */

/** Multipliers and key increments of Philox4x32. */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;
const TWO_POW_MINUS_32 = 2 ** -32;

export class PhiloxGenerator {
  readonly #key: readonly [low: number, high: number];
  /** How many draws there were; CUDA's offset. */
  #offset = 0;

  /** All 64 bits of the seed count. */
  constructor(seed: number | bigint) {
    if (typeof seed === "number" && !Number.isInteger(seed))
      throw new RangeError(`seed must be an integer, got ${seed}`);
    const bits = BigInt.asUintN(64, BigInt(seed));
    this.#key = [Number(bits & 0xffffffffn), Number(bits >> 32n)];
  }

  /** `torch.randn(count, device="cuda")` as float32. Element i depends on the call and on i alone, not on the count. */
  randn(count: number): Float32Array {
    const out = new Float32Array(count);
    const words = new Uint32Array(4);
    for (let i = 0; i < count; i++) {
      words.set([this.#offset, 0, i, 0]);
      philox(words, this.#key);
      // Box-Muller in double precision, its sine half; only the result is rounded.
      const u = words[0]! * TWO_POW_MINUS_32 + TWO_POW_MINUS_32 / 2;
      const v = (words[1]! * TWO_POW_MINUS_32 + TWO_POW_MINUS_32 / 2) * 2 * Math.PI;
      out[i] = Math.sqrt(-2 * Math.log(u)) * Math.sin(v);
    }
    this.#offset++;
    return out;
  }
}

/** Ten rounds over the counter, in place. */
function philox(counter: Uint32Array, key: readonly [number, number]): void {
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c, d] = [counter[0]!, counter[1]!, counter[2]!, counter[3]!];
    counter[0] = multiplyHigh(M1, c) ^ b ^ k0;
    counter[1] = Math.imul(M1, c);
    counter[2] = multiplyHigh(M0, a) ^ d ^ k1;
    counter[3] = Math.imul(M0, a);
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
}

/** Upper 32 of the 64 bits of a product of two unsigned words, by halves so that no partial sum leaves the doubles' exact range. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}
