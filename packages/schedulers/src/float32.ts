/**
 * @file Computes scalars as torch does, rounded to float32 after every operation. Sigmas at the ends of a Brownian interval must be equal to
 * the last bit, because a difference of a millionth gives other noise.
 */

/** Natural logarithm. */
export function log32(value: number): number {
  return Math.fround(Math.log(value));
}

/** e to the power of `value`. */
export function exp32(value: number): number {
  return Math.fround(Math.exp(value));
}

/** `torch.linspace`: the second half is counted from the end. */
export function linspace32(start: number, end: number, count: number): number[] {
  const f = Math.fround;
  const [first, last] = [f(start), f(end)];
  if (count === 1) return [first];
  const step = f(f(last - first) / (count - 1));
  const half = Math.floor(count / 2);
  return Array.from({ length: count }, (_, i) => (i < half ? f(first + step * i) : f(last - step * (count - 1 - i))));
}
