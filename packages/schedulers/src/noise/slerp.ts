/** @file Spherical interpolation between two noises, for variation seeds. */

export interface SlerpOptions {
  /** 0 gives only the first noise. */
  readonly strength: number;
  readonly height: number;
  readonly width: number;
}

/** Above this mean cosine, A1111 interpolates linearly. */
const NEARLY_PARALLEL = 0.9995;

/**
 * A1111's `slerp` over `[C, H, W]`: each column of each channel, along the height, is one vector. If the columns are nearly parallel on
 * average, it interpolates linearly with the strength as the weight of the first noise. This is A1111's mistake, and it is kept.
 */
export function slerp(first: Float32Array, second: Float32Array, options: SlerpOptions): Float32Array {
  const { strength, height, width } = options;
  const columns = first.length / height;
  const dots = Float64Array.from({ length: columns }, (_, column) => {
    const start = Math.floor(column / width) * height * width + (column % width);
    let [product, squaresOfFirst, squaresOfSecond] = [0, 0, 0];
    for (let row = 0; row < height; row++) {
      const [a, b] = [first[start + row * width]!, second[start + row * width]!];
      product += a * b;
      squaresOfFirst += a * a;
      squaresOfSecond += b * b;
    }
    return product / Math.sqrt(squaresOfFirst * squaresOfSecond);
  });
  const mean = dots.reduce((sum, dot) => sum + dot, 0) / columns;
  if (mean > NEARLY_PARALLEL) return first.map((a, i) => a * strength + second[i]! * (1 - strength));
  return first.map((a, i) => {
    const column = Math.floor(i / (height * width)) * width + (i % width);
    const angle = Math.acos(dots[column]!);
    const share = (part: number) => Math.sin(part * angle) / Math.sin(angle);
    return share(1 - strength) * a + share(strength) * second[i]!;
  });
}
