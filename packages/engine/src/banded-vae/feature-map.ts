/** @file A feature map in JavaScript memory, with one array for each channel, that is read and written in bands of rows. */

/** For each channel: mean and 1 / standard deviation of its group. */
export interface GroupStatistics {
  readonly mean: Float32Array;
  readonly invStdDev: Float32Array;
}

/** Rows `start` to `end` (exclusive) of a picture. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

export interface MapSize {
  readonly height: number;
  readonly width: number;
  /** Opposite edges fit together. */
  readonly tiling?: boolean;
}

export class FeatureMap {
  readonly height: number;
  readonly width: number;
  readonly tiling: boolean;
  readonly #channels: readonly Float32Array[];
  /** For each channel: sum and sum of squares of the rows written so far, in double precision. */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  /** An empty map. With `inPlaceOf` it uses the arrays of that map, so every written row overwrites a row of that map. */
  constructor({ height, width, tiling = false }: MapSize, channels: number, inPlaceOf?: FeatureMap) {
    this.height = height;
    this.width = width;
    this.tiling = tiling;
    const taken = inPlaceOf === undefined ? [] : inPlaceOf.#channels;
    this.#channels = Array.from({ length: channels }, (_, index) => taken[index] ?? new Float32Array(height * width));
    this.#sums = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** A copy of `[channels, height, width]`. */
  static from(data: Float32Array, size: MapSize): FeatureMap {
    const map = new FeatureMap(size, data.length / (size.height * size.width));
    map.write(data, { rows: { start: 0, end: size.height }, first: 0 });
    return map;
  }

  get channels(): number {
    return this.#channels.length;
  }

  /** Copies rows into `[channels, rows, width]`. Rows outside the map become 0, or with `wraps` the rows of the opposite edge. */
  read(target: Float32Array, { start, end }: RowRange, { wraps = false } = {}): void {
    const { height, width } = this;
    if (wraps && (start < 0 || end > height)) return this.#readWrapped(target, { start, end });
    const from = Math.max(0, start);
    const to = Math.min(height, end);
    const rows = end - start;
    for (const [index, channel] of this.#channels.entries()) {
      const at = index * rows * width;
      target.fill(0, at, at + (from - start) * width);
      target.set(channel.subarray(from * width, to * width), at + (from - start) * width);
      target.fill(0, at + (to - start) * width, at + rows * width);
    }
  }

  #readWrapped(target: Float32Array, { start, end }: RowRange): void {
    const { height, width } = this;
    const rows = end - start;
    for (const [index, channel] of this.#channels.entries()) {
      for (let row = start; row < end; row++) {
        const from = (((row % height) + height) % height) * width;
        target.set(channel.subarray(from, from + width), (index * rows + row - start) * width);
      }
    }
  }

  /** Copies the given rows from a band `[channels, …, width]` whose first row is `first`. Each row must be written exactly once. */
  write(band: Float32Array, { rows, first }: { rows: RowRange; first: number }): void {
    const { width } = this;
    const bandLength = band.length / this.channels;
    for (const [index, channel] of this.#channels.entries()) {
      const offset = index * bandLength - first * width;
      const part = band.subarray(offset + rows.start * width, offset + rows.end * width);
      channel.set(part, rows.start * width);
      let sum = 0;
      let squares = 0;
      for (const value of part) {
        sum += value;
        squares += value * value;
      }
      this.#sums[index]! += sum;
      this.#squares[index]! += squares;
    }
  }

  /** GroupNorm's statistics (Wu & He 2018) of all written rows. */
  statistics(groups: number, epsilon: number): GroupStatistics {
    const { channels } = this;
    const perGroup = channels / groups;
    const count = perGroup * this.height * this.width;
    const [mean, invStdDev] = [new Float32Array(channels), new Float32Array(channels)];
    for (let group = 0; group < groups; group++) {
      const [start, end] = [group * perGroup, (group + 1) * perGroup];
      const add = (total: number, value: number): number => total + value;
      const groupMean = this.#sums.subarray(start, end).reduce(add, 0) / count;
      const variance = Math.max(0, this.#squares.subarray(start, end).reduce(add, 0) / count - groupMean ** 2);
      mean.fill(groupMean, start, end);
      invStdDev.fill(1 / Math.sqrt(variance + epsilon), start, end);
    }
    return { mean, invStdDev };
  }

  /** The map as `[channels, height, width]`. */
  toArray(): Float32Array {
    const data = new Float32Array(this.channels * this.height * this.width);
    this.read(data, { start: 0, end: this.height });
    return data;
  }
}
