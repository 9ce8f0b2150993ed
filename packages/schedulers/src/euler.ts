/** @file Euler's method on the probability flow (Karras et al. 2022, algorithm 2 without churn; k-diffusion `sample_euler`). */
import { denoise, type Latents, type SampleOptions } from "./sampling.ts";

/** One call of the model a step; deterministic. */
export async function sampleEuler(latents: Latents, sigmas: Float32Array, options: SampleOptions): Promise<Latents> {
  let x = latents;
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const denoised = await denoise(x, sigma, options);
    x = eulerStep(x, denoised, { sigma, target: next });
    // eslint-disable-next-line no-await-in-loop
    await options.onStep?.({ step: i + 1, total, latents: x, denoised });
  }
  return x;
}

/** Along the direction `(x - denoised) / sigma` to the noise level `target`. */
export function eulerStep(
  x: Latents,
  denoised: Latents,
  { sigma, target }: { sigma: number; target: number },
): Latents {
  const stride = target - sigma;
  return x.map((value, i) => value + ((value - denoised[i]!) / sigma) * stride);
}
