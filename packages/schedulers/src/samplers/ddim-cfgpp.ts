/** @file DDIM CFG++ (Chung et al. 2024): the predicted picture uses guidance, the direction back to the noise uses the unconditional prediction. */
import type { Latents, SamplerContext } from "../sampling.ts";
import { ddimStep } from "./ddim.ts";

/** A1111 shows the same CFG scale as for other samplers and multiplies it by this factor to get CFG++'s lambda: 12.5 gives 1. */
const GUIDANCE_FACTOR = 1 / 12.5;

/** One call of the model between each two timesteps, always with both prompts. */
export async function sampleDdimCfgpp(
  latents: Latents,
  timesteps: number[],
  context: SamplerContext,
): Promise<Latents> {
  let x = latents;
  for (let i = timesteps.length - 1; i > 0; i--) {
    const move = { timestep: timesteps[i]!, next: timesteps[i - 1]! };
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const { guided, unconditional } = await context.predictGuided(x, move.timestep, GUIDANCE_FACTOR);
    const step = ddimStep(x, { noise: guided, direction: unconditional, ...move }, context);
    x = step.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}
