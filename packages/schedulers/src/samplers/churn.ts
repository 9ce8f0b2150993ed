/** @file Noise added before a step, the "churn" of Karras et al. 2022, algorithm 2. It is used only if the user sets `sChurn`. */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";

/** Raises `latents` from noise level `sigma` to the level in the result. `steps` is the number of all steps. */
export function churn(
  latents: Latents,
  { sigma, steps }: { sigma: number; steps: number },
  { settings, noise }: SamplerContext,
): { latents: Latents; sigma: number } {
  const { sChurn, sTmin, sTmax, sNoise } = settings;
  if (sChurn <= 0) return { latents, sigma };
  // k-diffusion draws noise for every step, also for a step outside the range.
  const drawn = noise.next();
  const gamma = sTmin <= sigma && sigma <= sTmax ? Math.min(sChurn / steps, Math.SQRT2 - 1) : 0;
  if (gamma === 0) return { latents, sigma };
  const raised = Math.fround(sigma * (gamma + 1));
  const amount = sNoise * Math.sqrt(raised ** 2 - sigma ** 2);
  return { latents: combine([1, latents], [amount, drawn]), sigma: raised };
}
