/** @file What every sampler is given and gives back, and the step from the UNet's noise to k-diffusion's denoised picture. */
import { sigmaToTimestep, type NoiseSchedule } from "./noise-schedule.ts";

/** Latents of a whole batch, `[B, 4, H / 8, W / 8]`, flattened. */
export type Latents = Float32Array;

/**
 * The UNet's prediction of the noise after guidance, for latents scaled as it was trained on (variance 1) at a timestep that may be
 * fractional. Must return a new array of the same length.
 */
export type PredictNoise = (latents: Latents, timestep: number) => Promise<Latents>;

export interface SampleStep {
  /** Calls of the model done, from 1. */
  step: number;
  total: number;
  /** The latents after this step, still noisy. */
  latents: Latents;
  /** What the model takes the finished latents to be; the live preview shows these. */
  denoised: Latents;
}

export interface SampleOptions {
  schedule: NoiseSchedule;
  predictNoise: PredictNoise;
  /** Fresh normal noise for the whole batch, from the generators that made the initial noise. Only ancestral samplers call it. */
  nextNoise: () => Latents;
  onStep?: ((step: SampleStep) => void | Promise<void>) | undefined;
  /** Checked before every call of the model; sampling then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A sampler on sigmas: from latents with noise of the first sigma to those of the last. */
export type SigmaSampler = (latents: Latents, sigmas: Float32Array, options: SampleOptions) => Promise<Latents>;

/** k-diffusion's `DiscreteEpsDDPMDenoiser`: `x - sigma eps(x / sqrt(sigma² + 1), t)`. */
export async function denoise(latents: Latents, sigma: number, options: SampleOptions): Promise<Latents> {
  options.signal?.throwIfAborted();
  const inputScale = 1 / Math.sqrt(sigma ** 2 + 1);
  const scaled = latents.map((x) => x * inputScale);
  const noise = await options.predictNoise(scaled, sigmaToTimestep(options.schedule, sigma));
  requireSameLength(latents, noise);
  return latents.map((x, i) => x - sigma * noise[i]!);
}

export function requireSameLength(latents: Latents, other: Latents): void {
  if (other.length !== latents.length) {
    throw new TypeError(`the model returned ${other.length} values for ${latents.length} latents`);
  }
}
