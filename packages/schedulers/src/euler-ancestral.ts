/** @file Euler with fresh noise after every step but the last ("Euler a"; k-diffusion `sample_euler_ancestral`, eta 1). */
import { eulerStep } from "./euler.ts";
import { denoise, type Latents, type SampleOptions } from "./sampling.ts";

/** A1111's setting `eta_ancestral`: all of the noise that an ancestral step may add. */
const ETA = 1;

/** One call of the model a step; the noise goes on with the image's own generator, as A1111's. */
export async function sampleEulerAncestral(
  latents: Latents,
  sigmas: Float32Array,
  options: SampleOptions,
): Promise<Latents> {
  let x = latents;
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const denoised = await denoise(x, sigma, options);
    const { down, up } = ancestralStep(sigma, next);
    x = eulerStep(x, denoised, { sigma, target: down });
    if (next > 0) {
      const noise = options.nextNoise();
      x = x.map((value, j) => value + noise[j]! * up);
    }
    // eslint-disable-next-line no-await-in-loop
    await options.onStep?.({ step: i + 1, total, latents: x, denoised });
  }
  return x;
}

/** How far down to step and how much noise to put back so that the level is `to`: `down² + up² = to²`. */
function ancestralStep(from: number, to: number): { down: number; up: number } {
  const up = Math.min(to, ETA * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  return { up, down: Math.sqrt(to ** 2 - up ** 2) };
}
