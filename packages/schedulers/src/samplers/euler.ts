/** @file Euler's method on the probability flow (Karras et al. 2022, algorithm 2 without correction; k-diffusion `sample_euler`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { churn } from "./churn.ts";

/** One call of the model for each step. Deterministic without churn. */
export async function sampleEuler(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  const steps = sigmas.length - 1;
  for (let i = 0; i < steps; i++) {
    const raised = churn(x, { sigma: sigmas[i]!, steps }, context);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(raised.latents, raised.sigma, context);
    x = eulerStep(raised.latents, denoised, { sigma: raised.sigma, target: sigmas[i + 1]! });
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}

/** A step along the direction `(x - denoised) / sigma` to the noise level `target`. */
export function eulerStep(
  x: Latents,
  denoised: Latents,
  { sigma, target }: { sigma: number; target: number },
): Latents {
  return combine([target / sigma, x], [1 - target / sigma, denoised]);
}
