/** @file Inputs and outputs of every sampler, and the conversion of the UNet's noise to k-diffusion's denoised picture. */
import { sigmaToTimestep, type NoiseSchedule } from "./noise-schedule.ts";
import type { NoiseSource } from "./noise/image-noise.ts";

/** Latents of a whole batch, `[B, 4, H / 8, W / 8]`, flattened. */
export type Latents = Float32Array;

/** The place of a model call in the sampling. */
export interface ModelCall {
  /** Number of earlier calls. */
  readonly index: number;
  /** The sampler's noise level: sigma, or the timestep for samplers on timesteps; A1111 compares the same values. */
  readonly level: number;
  /** Noise of the latents before they were scaled; for a fractional timestep the lower timestep's, with which A1111 turns v into noise. */
  readonly sigma: number;
}

/**
 * The UNet's prediction of the noise after guidance, for latents in the scale of its training (variance 1), at a timestep that may be
 * fractional. Must return a new array of the same length.
 */
export type PredictNoise = (latents: Latents, timestep: number, call: ModelCall) => Promise<Latents>;

/** The prediction with the guidance scaled by `guidanceFactor`, and the prediction for the negative prompt alone (CFG++). */
export type PredictGuided = (
  latents: Latents,
  timestep: number,
  call: ModelCall & { readonly guidanceFactor: number },
) => Promise<{ guided: Latents; unconditional: Latents }>;

export interface SampleStep {
  /** Number of model calls so far, from 1; for DPM adaptive, which does not know the total, a percentage. */
  step: number;
  total: number;
  /** The latents after this step, still noisy. */
  latents: Latents;
  /** The model's estimate of the finished latents, which the live preview shows. */
  denoised: Latents;
}

/** A1111's `eta`, `s_churn`, `s_tmin`, `s_tmax` and `s_noise`; a sampler uses the settings in its formula. */
export interface SamplerSettings {
  /** Share of the noise that an ancestral or SDE step may add; null is the sampler's own, 1, or 0 for DDIM. */
  readonly eta: number | null;
  readonly sChurn: number;
  readonly sTmin: number;
  /** 0 means no limit. */
  readonly sTmax: number;
  readonly sNoise: number;
}

export const DEFAULT_SAMPLER_SETTINGS: SamplerSettings = { eta: null, sChurn: 0, sTmin: 0, sTmax: 0, sNoise: 1 };

export interface SampleOptions {
  readonly schedule: NoiseSchedule;
  readonly predictNoise: PredictNoise;
  /** Only DDIM CFG++ needs this function. */
  readonly predictGuided?: PredictGuided | undefined;
  /** The source of the initial noise, which also gives the noise that samplers add. */
  readonly noise: NoiseSource;
  /** The latents that a second pass starts from. */
  readonly picture?: Latents | undefined;
  readonly onStep?: ((step: SampleStep) => void | Promise<void>) | undefined;
  /** Checked before every model call; after an abort, sampling rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The inputs of a sampler's implementation; `sampleLatents` counts and checks the calls. */
export interface SamplerContext {
  readonly schedule: NoiseSchedule;
  /** The range of the sigmas above 0 of the whole schedule, of which a second pass uses only the end. */
  readonly wholeRange: { readonly smallest: number; readonly largest: number };
  readonly isSecondPass: boolean;
  /** Predicts the noise of latents at a timestep; samplers on sigmas pass their sigma too. */
  readonly predict: (latents: Latents, timestep: number, sigma?: number) => Promise<Latents>;
  readonly predictGuided: (
    latents: Latents,
    timestep: number,
    guidanceFactor: number,
  ) => Promise<{ guided: Latents; unconditional: Latents }>;
  readonly noise: NoiseSource;
  /** The settings with resolved `eta` and `sTmax`. */
  readonly settings: SamplerSettings & { readonly eta: number };
  /** `done` is the finished part, 0 to 1, from a sampler that does not know the number of its calls. */
  readonly report: (step: Pick<SampleStep, "latents" | "denoised"> & { readonly done?: number }) => Promise<void>;
}

/** A sampler on sigmas: from latents with the first sigma's noise to latents with the last sigma's. */
export type SigmaSampler = (latents: Latents, sigmas: Float32Array, context: SamplerContext) => Promise<Latents>;

/** A sampler on ascending timesteps: from plain noise to the latents of the first timestep. */
export type TimestepSampler = (latents: Latents, timesteps: number[], context: SamplerContext) => Promise<Latents>;

/** k-diffusion's `DiscreteEpsDDPMDenoiser`: `x - sigma eps(x / sqrt(sigma² + 1), t)`. */
export async function denoise(latents: Latents, sigma: number, context: SamplerContext): Promise<Latents> {
  const inputScale = 1 / Math.sqrt(sigma ** 2 + 1);
  const scaled = latents.map((x) => x * inputScale);
  const noise = await context.predict(scaled, sigmaToTimestep(context.schedule, sigma), sigma);
  return combine([1, latents], [-sigma, noise]);
}

/** The sum of `factor x values` over the terms, in double precision, rounded once. */
export function combine(...terms: readonly (readonly [factor: number, values: Latents])[]): Latents {
  const sum = new Float64Array(terms[0]?.[1].length ?? 0);
  for (const [factor, values] of terms) {
    // Values with a factor of 0 are left out, because they may be NaN.
    if (factor !== 0) for (let i = 0; i < sum.length; i++) sum[i]! += factor * values[i]!;
  }
  return Float32Array.from(sum);
}
