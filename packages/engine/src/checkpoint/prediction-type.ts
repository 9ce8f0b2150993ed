/** @file Converts between a UNet's prediction and the noise: SD 2.x's large models predict v (Salimans & Ho 2022), all others the noise itself. */
import { timestepToSigma, type NoiseSchedule } from "@lexeme/schedulers";

export interface VAtTimesteps {
  /** The UNet's input, `[batch, …]`: sqrt(a) x0 + sqrt(1 - a) noise. */
  readonly latents: Float32Array;
  /** One timestep for each latent of the batch; fractions are possible. */
  readonly timesteps: Float32Array;
  /** Replaces the sigma of the timesteps: churn can exceed the largest timestep's sigma. */
  readonly sigma?: number;
}

/** noise = sqrt(a) v + sqrt(1 - a) x, where a = 1 / (sigma^2 + 1): k-diffusion's `CompVisVDenoiser` in terms of the noise. */
export function noiseFromV(
  schedule: NoiseSchedule,
  v: Float32Array,
  { latents, timesteps, sigma }: VAtTimesteps,
): Float32Array {
  const length = v.length / timesteps.length;
  const rates = Array.from(timesteps, (timestep) => ratesOf(sigma ?? timestepToSigma(schedule, timestep)));
  return v.map((value, i) => {
    const { signal, noise } = rates[Math.floor(i / length)]!;
    return signal * value + noise * latents[i]!;
  });
}

/** The training target of a UNet that predicts v: v = sqrt(a) noise - sqrt(1 - a) x0 = (noise - sqrt(1 - a) x) / sqrt(a). */
export function vTarget(
  schedule: NoiseSchedule,
  { noise, latents, timesteps }: VAtTimesteps & { readonly noise: Float32Array },
): Float32Array {
  const length = noise.length / timesteps.length;
  const rates = Array.from(timesteps, (timestep) => ratesOf(timestepToSigma(schedule, timestep)));
  return noise.map((value, i) => {
    const own = rates[Math.floor(i / length)]!;
    return (value - own.noise * latents[i]!) / own.signal;
  });
}

/** sqrt(a) and sqrt(1 - a). */
function ratesOf(sigma: number): { signal: number; noise: number } {
  const norm = Math.sqrt(sigma ** 2 + 1);
  return { signal: 1 / norm, noise: sigma / norm };
}
