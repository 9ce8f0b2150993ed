/** @file DPM-Solver++ SDE of third order, multistep ("DPM++ 3M SDE"; k-diffusion `sample_dpmpp_3m_sde`). */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";

interface Past {
  readonly denoised: Latents;
  readonly h: number;
}

/** One call of the model for each step; the predictions of the last two steps are reused. */
export async function sampleDpmpp3mSde(
  latents: Latents,
  sigmas: Float32Array,
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  /** Newest first. */
  let past: readonly Past[] = [];
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
      const stepped = combine([Math.exp(-whole), x], [-Math.expm1(-whole), denoised]);
      x = combine([1, stepped], ...higherOrders({ denoised, h }, past, whole));
      if (eta > 0) {
        const amount = next * Math.sqrt(-Math.expm1(-2 * eta * h)) * sNoise;
        x = combine([1, x], [amount, brownian(sigma, next)]);
      }
    }
    past = [{ denoised, h }, ...past].slice(0, 2);
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised });
  }
  return x;
}

/** `phi2 D1 - phi3 D2` with the divided differences D1 and D2 of the denoised pictures in lambda. The first steps use fewer terms. */
function higherOrders(now: Past, [last, before]: readonly Past[], whole: number): (readonly [number, Latents])[] {
  if (!last) return [];
  const phi2 = Math.expm1(-whole) / whole + 1;
  const r0 = last.h / now.h;
  const slope = combine([1 / r0, now.denoised], [-1 / r0, last.denoised]);
  if (!before) return [[phi2, slope]];
  const r1 = before.h / now.h;
  const earlier = combine([1 / r1, last.denoised], [-1 / r1, before.denoised]);
  const phi3 = phi2 / whole - 0.5;
  const bend = combine([1 / (r0 + r1), slope], [-1 / (r0 + r1), earlier]);
  return [
    [phi2, slope],
    [phi2 * r0 - phi3, bend],
  ];
}
