/** @file DPM-Solver-2 in sigmas with the midpoint in log sigma ("DPM2"; k-diffusion `sample_dpm_2`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { churn } from "./churn.ts";
import { eulerStep } from "./euler.ts";

/** Two calls of the model for each step, one call for a step that ends at 0. Deterministic without churn. */
export async function sampleDpm2(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  const steps = sigmas.length - 1;
  for (let i = 0; i < steps; i++) {
    const raised = churn(x, { sigma: sigmas[i]!, steps }, context);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const step = await midpointStep(raised.latents, { from: raised.sigma, to: sigmas[i + 1]! }, context);
    x = step.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}

/** A whole step in the direction computed at its midpoint. A step to 0 is an Euler step. */
export async function midpointStep(
  x: Latents,
  { from, to }: { from: number; to: number },
  context: SamplerContext,
): Promise<{ latents: Latents; denoised: Latents }> {
  const denoised = await denoise(x, from, context);
  if (to === 0) return { latents: eulerStep(x, denoised, { sigma: from, target: 0 }), denoised };
  const middle = Math.fround(Math.sqrt(from * to));
  const halfway = eulerStep(x, denoised, { sigma: from, target: middle });
  const there = await denoise(halfway, middle, context);
  const slope = (to - from) / middle;
  return { latents: combine([1, x], [slope, halfway], [-slope, there]), denoised };
}
