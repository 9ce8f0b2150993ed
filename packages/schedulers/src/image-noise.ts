/** @file The noise of a batch, each image from its own generator, so that an image is the same alone and in a batch (A1111's `ImageRNG`, source "CPU"). */
import { TorchGenerator } from "@lexeme/core";
import type { Latents } from "./sampling.ts";

export class ImageNoise {
  readonly #generators: TorchGenerator[];
  readonly #valuesPerImage: number;

  /** `valuesPerImage` is 4 x H / 8 x W / 8. Image i of a job has seed + i. */
  constructor(seeds: readonly number[], valuesPerImage: number) {
    this.#generators = seeds.map((seed) => new TorchGenerator(seed));
    this.#valuesPerImage = valuesPerImage;
  }

  /** The first call gives the initial noise `[B, 4, H / 8, W / 8]`, later ones what the sampler adds. */
  next(): Latents {
    const batch = new Float32Array(this.#generators.length * this.#valuesPerImage);
    this.#generators.forEach((generator, i) => {
      batch.set(generator.randn(this.#valuesPerImage), i * this.#valuesPerImage);
    });
    return batch;
  }
}
