/** @file DPM-Solver++ of second order, singlestep, with fresh noise ("DPM++ 2S a"; k-diffusion `sample_dpmpp_2s_ancestral`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { ancestralStep } from "./ancestral-step.ts";
import { eulerStep } from "./euler.ts";

/** Two calls of the model for each step, one call for a step that ends at 0. */
export async function sampleDpmpp2sAncestral(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  const { eta, sNoise } = context.settings;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    const { down, up } = ancestralStep(sigma, next, eta);
    if (down === 0) x = eulerStep(x, denoised, { sigma, target: 0 });
    else {
      const middle = Math.fround(Math.sqrt(sigma * down));
      // In lambda = -log sigma, a step of DPM-Solver++ is a weighted mean of x and `denoised`; the ratio of the levels is the weight.
      const halfway = eulerStep(x, denoised, { sigma, target: middle });
      // eslint-disable-next-line no-await-in-loop
      const there = await denoise(halfway, middle, context);
      x = eulerStep(x, there, { sigma, target: down });
    }
    if (next > 0) x = combine([1, x], [up * sNoise, context.noise.next()]);
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
