/** @file What goes into a checkpoint's networks and comes out of them. */

/** Height and width in places of the latent. */
export interface LatentGrid {
  readonly height: number;
  readonly width: number;
}

/** A prompt as the UNet reads it: `[tokens, width]`. */
export interface Conditioning {
  readonly tokens: number;
  readonly data: Float32Array;
}

/** The VAE's answer to a picture, both `[4, height, width]`, not yet times the latent scale. */
export interface LatentPosterior {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

export interface NoiseQuery {
  /** `[batch, 4, height, width]`. */
  readonly latents: Float32Array;
  /** One for each of the batch. */
  readonly timesteps: Float32Array;
  /** The sampler's noise level, the same for the whole batch, by which v becomes noise; that of the timesteps where left out. */
  readonly sigma?: number;
  /** One for each of the batch; all of the same length. */
  readonly conditionings: readonly Conditioning[];
  readonly grid: LatentGrid;
}
