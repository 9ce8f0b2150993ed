/** @file DPM-Solver++ as a stochastic differential equation, two stages a step ("DPM++ SDE"; k-diffusion `sample_dpmpp_sde`, r 1/2). */
import { exp32, log32 } from "../float32.ts";
import type { BrownianNoise } from "../noise/image-noise.ts";
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { ancestralStep } from "./ancestral-step.ts";
import { eulerStep } from "./euler.ts";

/** Two calls of the model for each step, one call for a step that ends at 0. */
export async function sampleDpmppSde(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  const brownian = context.noise.brownian(context.wholeRange);
  for (let i = 0; i < sigmas.length - 1; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const denoised = await denoise(x, sigma, context);
    if (next === 0) x = eulerStep(x, denoised, { sigma, target: 0 });
    else {
      // As in k-diffusion, the sigmas are converted to logarithms and back. The rounding matters, because the Brownian motion depends on the exact sigma.
      const [t, end] = [-log32(sigma), -log32(next)];
      const [from, middle, to] = [t, Math.fround(t + Math.fround(end - t) / 2), end].map((time) => exp32(-time)) as [
        number,
        number,
        number,
      ];
      const halfway = noisyStep(x, denoised, { from, to: middle, context, brownian });
      // eslint-disable-next-line no-await-in-loop
      const there = await denoise(halfway, middle, context);
      // With r = 1/2 the weight of the first stage, 1 - 1 / 2r, is 0.
      x = noisyStep(x, there, { from, to, context, brownian });
    }
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}

function noisyStep(
  x: Latents,
  denoised: Latents,
  step: { from: number; to: number; context: SamplerContext; brownian: BrownianNoise },
): Latents {
  const { from, to, context, brownian } = step;
  const { down, up } = ancestralStep(from, to, context.settings.eta);
  const stepped = eulerStep(x, denoised, { sigma: from, target: down });
  if (up === 0) return stepped;
  return combine([1, stepped], [up * context.settings.sNoise, brownian(from, to)]);
}
