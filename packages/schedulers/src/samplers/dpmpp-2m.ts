/** @file DPM-Solver++ of second order, multistep ("DPM++ 2M"; Lu et al. 2022, algorithm 2; k-diffusion `sample_dpmpp_2m`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";

/** One call of the model for each step; the prediction of the last step is the second prediction. Deterministic. */
export async function sampleDpmpp2m(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  let previous: Latents | undefined;
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    // lambda = -log sigma is the solver's time; h is its step size, infinite at the last step, where the result is `denoised`.
    const h = Math.log(sigma) - Math.log(next);
    const [keep, take] = [next / sigma, -Math.expm1(-h)];
    if (previous === undefined || next === 0) x = combine([keep, x], [take, denoised]);
    else {
      // (1 + 1 / 2r) denoised - (1 / 2r) previous, where r is the size of the last step divided by the size of this step.
      const weight = h / (2 * (Math.log(sigmas[i - 1]!) - Math.log(sigma)));
      x = combine([keep, x], [take * (1 + weight), denoised], [-take * weight, previous]);
    }
    previous = denoised;
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
