/**
 * @file Philox4x32-10 (Salmon et al. 2011), which draws normal noise as torch's CUDA generator does for a picture's latents. The noise
 * has the same bits as on an NVIDIA card: A1111's source "NV", and its default "GPU" on such a card.
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
  /** The number of calls so far, which is CUDA's offset. */
  #offset = 0;

  /** Uses all 64 bits of the seed. */
  constructor(seed: number | bigint) {
    if (typeof seed === "number" && !Number.isInteger(seed))
      throw new RangeError(`seed must be an integer, got ${seed}`);
    const bits = BigInt.asUintN(64, BigInt(seed));
    this.#key = [Number(bits & 0xffffffffn), Number(bits >> 32n)];
  }

  /** `torch.randn(count, device="cuda")` as float32. Element i depends only on the number of the call and on i, not on the count. */
  randn(count: number): Float32Array {
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = normalAt(this.#key, this.#offset, i);
    this.#offset++;
    return out;
  }
}

/** Ten rounds over the counter (offset, 0, index, 0), then the sine half of Box-Muller in double precision. It uses only scalars, because this is the hot loop. */
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

/** The upper 32 bits of the 64-bit product of two unsigned words. The words are multiplied in halves, so that every partial sum fits in 32 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) | 0;
}
