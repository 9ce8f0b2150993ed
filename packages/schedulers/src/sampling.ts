/** @file What every sampler is given and gives back, and the step from the UNet's noise to k-diffusion's denoised picture. */
import { sigmaToTimestep, type NoiseSchedule } from "./noise-schedule.ts";
import type { NoiseSource } from "./noise/image-noise.ts";

/** Latents of a whole batch, `[B, 4, H / 8, W / 8]`, flattened. */
export type Latents = Float32Array;

/** Where in the sampling a call of the model stands. */
export interface ModelCall {
  /** Calls made before this one. */
  readonly index: number;
  /** The sampler's noise level: sigma; the timestep for samplers on timesteps, as A1111 compares it too. */
  readonly level: number;
  /** Noise of the latents before they were scaled; of a timestep between two the lower one's, by which A1111 turns v into noise. */
  readonly sigma: number;
}

/**
 * The UNet's prediction of the noise after guidance, for latents scaled as it was trained on (variance 1) at a timestep that may be
 * fractional. Must return a new array of the same length.
 */
export type PredictNoise = (latents: Latents, timestep: number, call: ModelCall) => Promise<Latents>;

/** The same with the guidance scaled by `guidanceFactor`, and what the negative prompt alone predicts (CFG++). */
export type PredictGuided = (
  latents: Latents,
  timestep: number,
  call: ModelCall & { readonly guidanceFactor: number },
) => Promise<{ guided: Latents; unconditional: Latents }>;

export interface SampleStep {
  /** Calls of the model done, from 1; for DPM adaptive, which does not know how many there will be, percent of the way. */
  step: number;
  total: number;
  /** The latents after this step, still noisy. */
  latents: Latents;
  /** What the model takes the finished latents to be; the live preview shows these. */
  denoised: Latents;
}

/** A1111's `eta`, `s_churn`, `s_tmin`, `s_tmax` and `s_noise`; a sampler takes those that its formula has. */
export interface SamplerSettings {
  /** Share of the noise that an ancestral or SDE step may add; null is the sampler's own, 1 there and 0 for DDIM. */
  readonly eta: number | null;
  readonly sChurn: number;
  readonly sTmin: number;
  /** 0 is without limit. */
  readonly sTmax: number;
  readonly sNoise: number;
}

export const DEFAULT_SAMPLER_SETTINGS: SamplerSettings = { eta: null, sChurn: 0, sTmin: 0, sTmax: 0, sNoise: 1 };

export interface SampleOptions {
  readonly schedule: NoiseSchedule;
  readonly predictNoise: PredictNoise;
  /** Needed by DDIM CFG++ alone. */
  readonly predictGuided?: PredictGuided | undefined;
  /** Made the initial noise, and gives what samplers add on the way. */
  readonly noise: NoiseSource;
  /** Latents that a second pass begins with. */
  readonly picture?: Latents | undefined;
  readonly onStep?: ((step: SampleStep) => void | Promise<void>) | undefined;
  /** Checked before every call of the model; sampling then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a sampler works with: `sampleLatents` counts and checks the calls. */
export interface SamplerContext {
  readonly schedule: NoiseSchedule;
  /** The sigmas above 0 of the whole schedule, of which a second pass walks the end only. */
  readonly wholeRange: { readonly smallest: number; readonly largest: number };
  readonly isSecondPass: boolean;
  /** Noise of the latents as k-diffusion passes them, at a timestep; samplers on sigmas say theirs. */
  readonly predict: (latents: Latents, timestep: number, sigma?: number) => Promise<Latents>;
  readonly predictGuided: (
    latents: Latents,
    timestep: number,
    guidanceFactor: number,
  ) => Promise<{ guided: Latents; unconditional: Latents }>;
  readonly noise: NoiseSource;
  /** With `eta` and `sTmax` resolved. */
  readonly settings: SamplerSettings & { readonly eta: number };
  /** `done`, 0 to 1, from a sampler that cannot tell how many calls it will make. */
  readonly report: (step: Pick<SampleStep, "latents" | "denoised"> & { readonly done?: number }) => Promise<void>;
}

/** A sampler on sigmas: from latents with noise of the first sigma to those of the last. */
export type SigmaSampler = (latents: Latents, sigmas: Float32Array, context: SamplerContext) => Promise<Latents>;

/** A sampler on timesteps, given ascending: from plain noise to the latents of the first. */
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
    // A factor of 0 takes nothing, not even a NaN.
    if (factor !== 0) for (let i = 0; i < sum.length; i++) sum[i]! += factor * values[i]!;
  }
  return Float32Array.from(sum);
}
