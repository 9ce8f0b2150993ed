/** @file DPM-Solver++ of second order, multistep ("DPM++ 2M"; Lu et al. 2022, algorithm 2; k-diffusion `sample_dpmpp_2m`). */
import { denoise, type Latents, type SampleOptions } from "./sampling.ts";

/** One call of the model a step; the step before serves as the second one. Deterministic. */
export async function sampleDpmSolverMultistep(
  latents: Latents,
  sigmas: Float32Array,
  options: SampleOptions,
): Promise<Latents> {
  let x = latents;
  let previous: Latents | undefined;
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const denoised = await denoise(x, sigma, options);
    // lambda = -log sigma is the solver's time; h its step, infinite on the last one, where the result is `denoised` itself.
    const h = Math.log(sigma) - Math.log(next);
    const isFirstOrder = previous === undefined || next === 0;
    const direction = isFirstOrder
      ? denoised
      : extrapolate(denoised, previous!, (Math.log(sigmas[i - 1]!) - Math.log(sigma)) / h);
    const [keep, take] = [next / sigma, -Math.expm1(-h)];
    x = x.map((value, j) => keep * value + take * direction[j]!);
    previous = denoised;
    // eslint-disable-next-line no-await-in-loop
    await options.onStep?.({ step: i + 1, total, latents: x, denoised });
  }
  return x;
}

/** `(1 + 1 / 2r) denoised - (1 / 2r) previous`, r being the last step over this one. */
function extrapolate(denoised: Latents, previous: Latents, r: number): Latents {
  const weight = 1 / (2 * r);
  return denoised.map((value, i) => (1 + weight) * value - weight * previous[i]!);
}
