/** @file Between what a UNet predicts and the noise: SD 2.x's large models predict v (Salimans & Ho 2022), the others the noise itself. */
import { timestepToSigma, type NoiseSchedule } from "@lexeme/schedulers";

export interface VAtTimesteps {
  /** `[batch, …]`, as the UNet sees them: sqrt(a) x0 + sqrt(1 - a) noise. */
  readonly latents: Float32Array;
  /** One for each of the batch, fractional ones included. */
  readonly timesteps: Float32Array;
  /** In place of the timesteps' own: churn goes above the largest of them. */
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

/** What a UNet that predicts v is trained to say: v = sqrt(a) noise - sqrt(1 - a) x0 = (noise - sqrt(1 - a) x) / sqrt(a). */
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
