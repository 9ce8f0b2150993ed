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
    for (let i = 0; i < count; i++) out[i] = normalAt(this.#key, this.#offset, i);
    this.#offset++;
    return out;
  }
}

/** Ten rounds over the counter (offset, 0, index, 0), then Box-Muller in double precision, its sine half. Scalars alone: this is the hot loop. */
function normalAt(key: readonly [low: number, high: number], offset: number, index: number): number {
  let [k0, k1] = key;
  let [a, b, c, d] = [offset, 0, index, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const nextA = multiplyHigh(M1, c) ^ b ^ k0;
    const nextC = multiplyHigh(M0, a) ^ d ^ k1;
    b = Math.imul(M1, c);
    d = Math.imul(M0, a);
    a = nextA;
    c = nextC;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  const u = (a >>> 0) * TWO_POW_MINUS_32 + TWO_POW_MINUS_32 / 2;
  const v = ((b >>> 0) * TWO_POW_MINUS_32 + TWO_POW_MINUS_32 / 2) * 2 * Math.PI;
  return Math.sqrt(-2 * Math.log(u)) * Math.sin(v);
}

/** Upper 32 of the 64 bits of a product of two words taken as unsigned, by halves: every partial sum fits 32 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) | 0;
}
