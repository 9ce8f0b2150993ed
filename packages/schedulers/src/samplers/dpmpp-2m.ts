/** @file DPM-Solver++ of second order, multistep ("DPM++ 2M"; Lu et al. 2022, algorithm 2; k-diffusion `sample_dpmpp_2m`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";

/** One call of the model a step; the step before serves as the second one. Deterministic. */
export async function sampleDpmpp2m(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  let previous: Latents | undefined;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const denoised = await denoise(x, sigma, context);
    // lambda = -log sigma is the solver's time; h its step, infinite on the last one, where the result is `denoised` itself.
    const h = Math.log(sigma) - Math.log(next);
    const [keep, take] = [next / sigma, -Math.expm1(-h)];
    if (previous === undefined || next === 0) x = combine([keep, x], [take, denoised]);
    else {
      // (1 + 1 / 2r) denoised - (1 / 2r) previous, r being the last step over this one.
      const weight = h / (2 * (Math.log(sigmas[i - 1]!) - Math.log(sigma)));
      x = combine([keep, x], [take * (1 + weight), denoised], [-take * weight, previous]);
    }
    previous = denoised;
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
