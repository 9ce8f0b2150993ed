/** @file DPM2 with fresh noise after every step but the last ("DPM2 a"; k-diffusion `sample_dpm_2_ancestral`). */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { ancestralStep } from "./ancestral-step.ts";
import { midpointStep } from "./dpm2.ts";

/** Two calls of the model for each step, one call for a step that ends at 0. */
export async function sampleDpm2Ancestral(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  const { eta, sNoise } = context.settings;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const { down, up } = ancestralStep(sigmas[i]!, sigmas[i + 1]!, eta);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const { latents: stepped, denoised } = await midpointStep(x, { from: sigmas[i]!, to: down }, context);
    x = down === 0 ? stepped : combine([1, stepped], [up * sNoise, context.noise.next()]);
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
