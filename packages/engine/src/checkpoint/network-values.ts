/** @file Inputs and outputs of a checkpoint's networks. */

/** Height and width in places of the latent. */
export interface LatentGrid {
  readonly height: number;
  readonly width: number;
  /** Opposite edges of the picture fit together. */
  readonly tiling?: boolean;
}

/** An encoded prompt, the UNet's input: `[tokens, width]`. */
export interface Conditioning {
  readonly tokens: number;
  readonly data: Float32Array;
}

/** The VAE's output for a picture, both `[4, height, width]`, before multiplication by the latent scale. */
export interface LatentPosterior {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

export interface NoiseQuery {
  /** `[batch, 4, height, width]`. */
  readonly latents: Float32Array;
  /** One timestep for each latent of the batch. */
  readonly timesteps: Float32Array;
  /** The sampler's noise level, the same for the whole batch, for turning v into noise; if left out, the level of the timesteps. */
  readonly sigma?: number;
  /** One conditioning for each latent of the batch; all of the same length. */
  readonly conditionings: readonly Conditioning[];
  readonly grid: LatentGrid;
}
