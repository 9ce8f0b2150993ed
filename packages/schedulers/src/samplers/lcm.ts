/** @file Latent consistency sampling (Luo et al. 2023, "LCM"): each step predicts the picture, then adds fresh noise for the next sigma. */
import { log32 } from "../float32.ts";
import { timestepToSigma, type NoiseSchedule } from "../noise-schedule.ts";
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import type { SigmaTable } from "../schedules/sigma-table.ts";

/** An LCM was distilled on 50 of the 1000 timesteps: 19, 39, … 999. */
export const ORIGINAL_TIMESTEPS = 50;
/** Constants of the boundary condition: `timestep_scaling` and `sigma_data` in the paper's code. */
const TIMESTEP_SCALE = 10;
const SIGMA_DATA = 0.5;

/** The sigmas of the timesteps on which an LCM was distilled. The timestep of any sigma is the nearest of these timesteps. */
export function lcmSigmas({ sigmas, logSigmas }: NoiseSchedule): SigmaTable {
  const stride = Math.floor(sigmas.length / ORIGINAL_TIMESTEPS);
  const take = (values: Float32Array) =>
    Float32Array.from({ length: ORIGINAL_TIMESTEPS }, (_, i) => values[stride * (i + 1) - 1]!);
  const logs = take(logSigmas);
  return {
    sigmas: take(sigmas),
    toTimestep(sigma) {
      // A sigma half way between two timesteps occurs with an odd number of even steps. As in torch, the last bit then decides.
      const log = log32(sigma);
      const distances = logs.map((other) => Math.abs(Math.fround(log - other)));
      return distances.indexOf(Math.min(...distances)) * stride + stride - 1;
    },
    toSigma(timestep) {
      const place = Math.fround((timestep - (stride - 1)) / stride);
      return timestepToSigma({ logSigmas: logs }, Math.min(Math.max(place, 0), logs.length - 1));
    },
  };
}

/** One call of the model for each step. */
export async function sampleLcm(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  const table = lcmSigmas(context.schedule);
  let x = latents;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const timestep = table.toTimestep(sigma);
    const inputScale = 1 / Math.sqrt(sigma ** 2 + 1);
    const scaled = x.map((value) => value * inputScale);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const noise = await context.predict(scaled, timestep, sigma);
    const time = timestep * TIMESTEP_SCALE;
    const skip = SIGMA_DATA ** 2 / (time ** 2 + SIGMA_DATA ** 2);
    const out = time / Math.sqrt(time ** 2 + SIGMA_DATA ** 2);
    const denoised = combine([out + skip, x], [-out * sigma, noise]);
    x = next > 0 ? combine([1, denoised], [next, context.noise.next()]) : denoised;
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
