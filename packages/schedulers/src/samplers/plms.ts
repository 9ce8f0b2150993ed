/** @file Pseudo linear multistep (Liu et al. 2022, "PLMS"): Adams-Bashforth on the noise predictions, moved by DDIM's formula. */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { ddimStep } from "./ddim.ts";

/** Weights of the newest prediction and the predictions before it, for two, three and four predictions (equation 12). */
const WEIGHTS = [
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/** One call of the model between each two timesteps, and one more call for the first step, which has no earlier predictions. Deterministic. */
export async function samplePlms(latents: Latents, timesteps: number[], context: SamplerContext): Promise<Latents> {
  const deterministic = { ...context, settings: { ...context.settings, eta: 0 } };
  let x = latents;
  /** Newest first. */
  let past: Latents[] = [];
  for (let i = timesteps.length - 1; i > 0; i--) {
    const move = { timestep: timesteps[i]!, next: timesteps[i - 1]! };
    const step = (noise: Latents) => ddimStep(x, { noise, direction: noise, ...move }, deterministic);
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const noise = await context.predict(x, move.timestep);
    let mean: Latents;
    if (past.length === 0) {
      // eslint-disable-next-line no-await-in-loop
      const ahead = await context.predict(step(noise).latents, move.next);
      mean = combine([1 / 2, noise], [1 / 2, ahead]);
    } else {
      const predictions = [noise, ...past];
      mean = combine(...WEIGHTS[past.length - 1]!.map((weight, j) => [weight, predictions[j]!] as const));
    }
    past = [noise, ...past].slice(0, 3);
    const moved = step(mean);
    x = moved.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(moved);
  }
  return x;
}
