/** @file DPM-Solver++ SDE of second order, multistep ("DPM++ 2M SDE" and "… Heun"; k-diffusion `sample_dpmpp_2m_sde`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";

/** "DPM++ 2M SDE": one call of the model for each step. */
export function sampleDpmpp2mSde(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  // Midpoint rule for the second-order term, with x = h (1 + eta).
  return sample({ latents, sigmas, context }, (x) => -0.5 * Math.expm1(-x));
}

/** "DPM++ 2M SDE Heun": Heun's rule for the second-order term. */
export function sampleDpmpp2mSdeHeun(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  return sample({ latents, sigmas, context }, (x) => Math.expm1(-x) / x + 1);
}

async function sample(
  { latents, sigmas, context }: { latents: Latents; sigmas: Float32Array; context: SamplerContext },
  secondOrderWeight: (x: number) => number,
): Promise<Latents> {
  let x = latents;
  let previous: { denoised: Latents; h: number } | undefined;
  const { eta, sNoise } = context.settings;
  const brownian = context.noise.brownian(context.wholeRange);
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    const h = Math.log(sigma) - Math.log(next);
    if (next === 0) x = denoised;
    else {
      const whole = h * (1 + eta);
      x = combine([(next / sigma) * Math.exp(-eta * h), x], [-Math.expm1(-whole), denoised]);
      if (previous) {
        const weight = secondOrderWeight(whole) * (h / previous.h);
        x = combine([1, x], [weight, denoised], [-weight, previous.denoised]);
      }
      if (eta > 0) {
        const amount = next * Math.sqrt(-Math.expm1(-2 * eta * h)) * sNoise;
        x = combine([1, x], [amount, brownian(sigma, next)]);
      }
    }
    previous = { denoised, h };
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}
