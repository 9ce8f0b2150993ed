/** @file The noise of a batch, each image from its own generators, so that an image is the same alone and in a batch (A1111's `ImageRNG`). */
import { createNormalGenerator, type NormalGenerator, type RandomSource } from "@lexeme/core";
import { BrownianTree } from "./brownian-tree.ts";
import { slerp } from "./slerp.ts";

/** Noise between two sigmas, the larger first, with variance 1. */
export type BrownianNoise = (from: number, to: number) => Float32Array;

/** The source of noise for samplers. */
export interface NoiseSource {
  /** Normal noise for the whole batch. */
  next(): Float32Array;
  /** For SDE samplers. `range` is the range of sigmas of the whole schedule. */
  brownian(range: { smallest: number; largest: number }): BrownianNoise;
}

/** The shape of one image's latents. */
export interface LatentShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface NoiseSettings {
  readonly source?: RandomSource;
  /** Noise of other seeds to mix into the initial noise, with `strength` 0 to 1. */
  readonly variation?: { readonly seeds: readonly bigint[]; readonly strength: number };
  /** The size, in latents, at which the noise is drawn. The noise is then placed in the middle, so that a picture keeps its composition at another size. */
  readonly resizeFrom?: { readonly height: number; readonly width: number };
  /** Eta noise seed delta: noise after the initial noise comes from seed + `seedDelta`. With 0, the same generators continue. */
  readonly seedDelta?: bigint;
}

export class ImageNoise implements NoiseSource {
  readonly #seeds: readonly bigint[];
  readonly #shape: LatentShape;
  readonly #settings: NoiseSettings;
  readonly #source: RandomSource;
  #generators: NormalGenerator[];
  #isFirst = true;

  /** Image i of a job has seed + i. The source is "CPU" by default. */
  constructor(seeds: readonly bigint[], shape: LatentShape, settings: NoiseSettings = {}) {
    this.#seeds = seeds;
    this.#shape = shape;
    this.#settings = settings;
    this.#source = settings.source ?? "CPU";
    this.#generators = seeds.map((seed) => createNormalGenerator(this.#source, seed));
  }

  /** The first call gives the initial noise `[B, C, H, W]`, later calls the noise that the sampler adds. */
  next(): Float32Array {
    if (!this.#isFirst) return stack(this.#generators.map((generator) => generator.randn(lengthOf(this.#shape))));
    this.#isFirst = false;
    const images = this.#seeds.map((_, i) => this.#initial(i));
    const { seedDelta = 0n } = this.#settings;
    if (seedDelta !== 0n) {
      this.#generators = this.#seeds.map((seed) => createNormalGenerator(this.#source, seed + seedDelta));
    }
    return stack(images);
  }

  brownian({ smallest, largest }: { smallest: number; largest: number }): BrownianNoise {
    const options = { start: smallest, end: largest, count: lengthOf(this.#shape), source: this.#source };
    const trees = this.#seeds.map((seed) => new BrownianTree(seed, options));
    return (from, to) => {
      // Time increases in the tree, so a step to a smaller sigma uses the negative increment.
      const scale = (from < to ? 1 : -1) / Math.fround(Math.sqrt(Math.fround(Math.abs(to - from))));
      const [start, end] = [Math.min(from, to), Math.max(from, to)];
      return stack(trees.map((tree) => tree.increment(start, end))).map((value) => value * scale);
    };
  }

  #initial(i: number): Float32Array {
    const { variation, resizeFrom } = this.#settings;
    const shape = { ...this.#shape, ...resizeFrom };
    const isResized = shape.height !== this.#shape.height || shape.width !== this.#shape.width;
    const draw = (seed: bigint) => createNormalGenerator(this.#source, seed).randn(lengthOf(shape));
    const generator = this.#generators[i]!;
    let noise = isResized ? draw(this.#seeds[i]!) : generator.randn(lengthOf(shape));
    if (variation && variation.strength !== 0) {
      noise = slerp(noise, draw(variation.seeds[i] ?? 0n), { ...shape, strength: variation.strength });
    }
    if (!isResized) return noise;
    return pasteCentred(generator.randn(lengthOf(this.#shape)), noise, { into: this.#shape, from: shape });
  }
}

/** Copies the middle of `noise` to the middle of `canvas`, where they overlap. Halves are rounded down as Python's `//`. */
function pasteCentred(
  canvas: Float32Array,
  noise: Float32Array,
  { into, from }: { into: LatentShape; from: LatentShape },
): Float32Array {
  const along = (size: number, old: number) => {
    const offset = Math.floor((size - old) / 2);
    return offset >= 0 ? { to: offset, from: 0, length: old } : { to: 0, from: -offset, length: old + 2 * offset };
  };
  const [rows, columns] = [along(into.height, from.height), along(into.width, from.width)];
  for (let channel = 0; channel < into.channels; channel++) {
    for (let row = 0; row < rows.length; row++) {
      const source = (channel * from.height + rows.from + row) * from.width + columns.from;
      const target = (channel * into.height + rows.to + row) * into.width + columns.to;
      canvas.set(noise.subarray(source, source + columns.length), target);
    }
  }
  return canvas;
}

function lengthOf({ channels, height, width }: LatentShape): number {
  return channels * height * width;
}

function stack(images: readonly Float32Array[]): Float32Array {
  const length = images[0]?.length ?? 0;
  const batch = new Float32Array(images.length * length);
  images.forEach((image, i) => batch.set(image, i * length));
  return batch;
}
