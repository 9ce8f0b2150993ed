/** @file Bulk conversion between float32 and the two 16-bit float formats of checkpoints, which JavaScript keeps as Uint16Array bits. */

/** Every float16 bit pattern as float32, built on first use. With this table of 256 KiB, the conversion is one load per value. */
let float16Table: Float32Array | undefined;

/** IEEE 754 binary16 bits to float32. Exact. Pass `out` to avoid an allocation. */
export function float16ToFloat32(bits: Uint16Array, out = new Float32Array(bits.length)): Float32Array {
  const table = (float16Table ??= buildFloat16Table());
  requireRoom(bits.length, out.length);
  for (let i = 0; i < bits.length; i++) out[i] = table[bits[i]!]!;
  return out;
}

/** float32 to IEEE 754 binary16 bits, rounded to nearest even as torch's `.half()`; values that are too large become infinity. */
export function float32ToFloat16(values: Float32Array, out = new Uint16Array(values.length)): Uint16Array {
  requireRoom(values.length, out.length);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) out[i] = roundToFloat16(words[i]!);
  return out;
}

/** bfloat16 bits (the upper half of a float32) to float32. Exact. */
export function bfloat16ToFloat32(bits: Uint16Array, out = new Float32Array(bits.length)): Float32Array {
  requireRoom(bits.length, out.length);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return out;
}

/** float32 to bfloat16 bits, rounded to nearest even as torch's `.bfloat16()`; NaN becomes 0x7fc0. */
export function float32ToBfloat16(values: Float32Array, out = new Uint16Array(values.length)): Uint16Array {
  requireRoom(values.length, out.length);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const isNan = (word & 0x7fffffff) > 0x7f800000;
    out[i] = isNan ? 0x7fc0 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}

function requireRoom(needed: number, given: number): void {
  if (given < needed) throw new RangeError(`output holds ${given} values, ${needed} are needed`);
}

function buildFloat16Table(): Float32Array {
  const table = new Float32Array(0x10000);
  const words = new Uint32Array(table.buffer);
  for (let half = 0; half < 0x10000; half++) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    // Subnormals are fraction * 2^-24; the sign is set on the bits, so that -0 stays -0.
    if (exponent === 0) table[half] = fraction * 2 ** -24;
    else if (exponent === 31) words[half] = 0x7f800000 | (fraction << 13);
    else words[half] = ((exponent + 112) << 23) | (fraction << 13);
    words[half] = words[half]! | sign;
  }
  return table;
}

function roundToFloat16(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // Values from 65520 up round to 2^16 (nearest even), which is infinity in float16.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebased = magnitude - 0x38000000;
    return sign | ((rebased + 0x0fff + ((rebased >>> 13) & 1)) >>> 13);
  }
  // Values up to and including 2^-25 round to zero (2^-25 is a tie, which goes to the even 0).
  if (magnitude <= 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const kept = significand >>> shift;
  const dropped = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const roundUp = dropped > half || (dropped === half && (kept & 1) === 1);
  return sign | (kept + (roundUp ? 1 : 0));
}
