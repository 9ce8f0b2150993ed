/** @file Euler with fresh noise after every step but the last ("Euler a"; k-diffusion `sample_euler_ancestral`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { ancestralStep } from "./ancestral-step.ts";
import { eulerStep } from "./euler.ts";

/** One call of the model for each step. As in A1111, the noise comes from the image's own generator, after its initial noise. */
export async function sampleEulerAncestral(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    const { down, up } = ancestralStep(sigma, next, context.settings.eta);
    x = eulerStep(x, denoised, { sigma, target: down });
    if (next > 0) x = combine([1, x], [up * context.settings.sNoise, context.noise.next()]);
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
