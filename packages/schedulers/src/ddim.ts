/** @file DDIM as A1111 runs it (Song et al. 2020, eta 0): on timesteps and noise predictions, from plain noise to timestep 1's alpha. */
import { TRAIN_TIMESTEPS } from "./noise-schedule.ts";
import { requireSameLength, type Latents, type SampleOptions } from "./sampling.ts";

/** Every `floor(1000 / steps)`-th timestep from 1, ascending. 20 steps give 20 of them and 19 calls, 30 give 31 and 30, as in A1111. */
export function ddimTimesteps(steps: number): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > TRAIN_TIMESTEPS) {
    throw new RangeError(`steps must be a whole number from 1 to ${TRAIN_TIMESTEPS}, got ${steps}`);
  }
  const stride = Math.floor(TRAIN_TIMESTEPS / steps);
  const count = Math.ceil(TRAIN_TIMESTEPS / stride);
  return Array.from({ length: count }, (_, i) => Math.min(i * stride + 1, TRAIN_TIMESTEPS - 1));
}

/** One call of the model between each two timesteps; deterministic. */
export async function sampleDdim(latents: Latents, timesteps: number[], options: SampleOptions): Promise<Latents> {
  const { alphasCumprod } = options.schedule;
  let x = latents;
  const total = timesteps.length - 1;
  for (let i = 0; i < total; i++) {
    options.signal?.throwIfAborted();
    const [timestep, next] = [timesteps[total - i]!, timesteps[total - i - 1]!];
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const noise = await options.predictNoise(x, timestep);
    requireSameLength(x, noise);
    const [alpha, alphaNext] = [alphasCumprod[timestep]!, alphasCumprod[next]!];
    const [signalRate, noiseRate] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
    const denoised = x.map((value, j) => (value - noiseRate * noise[j]!) / signalRate);
    const [nextSignalRate, nextNoiseRate] = [Math.sqrt(alphaNext), Math.sqrt(1 - alphaNext)];
    x = denoised.map((value, j) => nextSignalRate * value + nextNoiseRate * noise[j]!);
    // eslint-disable-next-line no-await-in-loop
    await options.onStep?.({ step: i + 1, total, latents: x, denoised });
  }
  return x;
}
