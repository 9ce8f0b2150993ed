/** @file Heun's method (Karras et al. 2022, algorithm 2; k-diffusion `sample_heun`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { churn } from "./churn.ts";
import { eulerStep } from "./euler.ts";

/** Two calls of the model for each step, one call for a step that ends at 0. Deterministic without churn. */
export async function sampleHeun(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  const steps = sigmas.length - 1;
  for (let i = 0; i < steps; i++) {
    const raised = churn(x, { sigma: sigmas[i]!, steps }, context);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const step = await heunStep(raised.latents, { from: raised.sigma, to: sigmas[i + 1]! }, context);
    x = step.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}

/** An Euler step, then a step along the mean of the directions at its two ends. */
export async function heunStep(
  x: Latents,
  { from, to }: { from: number; to: number },
  context: SamplerContext,
): Promise<{ latents: Latents; denoised: Latents }> {
  const denoised = await denoise(x, from, context);
  const predicted = eulerStep(x, denoised, { sigma: from, target: to });
  if (to === 0) return { latents: predicted, denoised };
  const corrected = await denoise(predicted, to, context);
  const half = (to - from) / 2;
  const latents = combine(
    [1 + half / from, x],
    [-half / from, denoised],
    [half / to, predicted],
    [-half / to, corrected],
  );
  return { latents, denoised };
}
