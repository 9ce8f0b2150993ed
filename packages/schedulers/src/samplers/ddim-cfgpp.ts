/** @file DDIM CFG++ (Chung et al. 2024): guidance moves the predicted picture, the way back to the noise is the unconditional one. */
import type { Latents, SamplerContext } from "../sampling.ts";
import { ddimStep } from "./ddim.ts";

/** A1111 shows the CFG scale of other samplers and takes this much of it as CFG++'s lambda: 12.5 is 1. */
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
    // eslint-disable-next-line no-await-in-loop -- a step begins where the last one ended.
    const { guided, unconditional } = await context.predictGuided(x, move.timestep, GUIDANCE_FACTOR);
    const step = ddimStep(x, { noise: guided, direction: unconditional, ...move }, context);
    x = step.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}
