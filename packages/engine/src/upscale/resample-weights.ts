/** @file The weights of old places in each new place: the separable filters of Pillow and of torch's antialiased interpolation. */

/** The weights of the old places from `first` on. Their sum is 1. */
export interface PlaceWeights {
  readonly first: number;
  readonly weights: Float64Array;
}

/** A filter: its weight at a distance from the middle, and the largest distance with a weight. */
interface Filter {
  readonly reach: number;
  readonly at: (distance: number) => number;
}

export const FILTERS = {
  /** Sinc windowed by sinc, three lobes. */
  lanczos: { reach: 3, at: (x: number) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  triangle: { reach: 1, at: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  /** Keys 1981 with the paper's a = -0.5. */
  cubic: { reach: 2, at: (x: number) => cubicWeight(x, -0.5) },
} as const satisfies Record<string, Filter>;

/** The weights for each new place. When the size shrinks, the filter is stretched, so that all old places count. At the edges the remaining weights are scaled to the sum 1. */
export function resampleWeights(filter: Filter, { from, to }: { from: number; to: number }): PlaceWeights[] {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = filter.reach * stretch;
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const weights = Float64Array.from({ length: end - first }, (__, i) =>
      filter.at((first + i - centre + 0.5) / stretch),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Keys' cubic convolution kernel at a distance, for any `a`. */
export function cubicWeight(x: number, a: number): number {
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
