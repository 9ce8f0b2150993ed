/** @file DDIM as A1111 runs it (Song et al. 2020): on timesteps and noise predictions, from pure noise to the alpha of timestep 1. */
import { TRAIN_TIMESTEPS } from "../noise-schedule.ts";
import { combine, type Latents, type SamplerContext } from "../sampling.ts";

/** Every `floor(1000 / steps)`-th timestep from 1, ascending. As in A1111, 20 steps give 20 timesteps and 19 calls, 30 steps give 31 timesteps and 30 calls. */
export function ddimTimesteps(steps: number): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > TRAIN_TIMESTEPS) {
    throw new RangeError(`steps must be a whole number from 1 to ${TRAIN_TIMESTEPS}, got ${steps}`);
  }
  const stride = Math.floor(TRAIN_TIMESTEPS / steps);
  const count = Math.ceil(TRAIN_TIMESTEPS / stride);
  return Array.from({ length: count }, (_, i) => Math.min(i * stride + 1, TRAIN_TIMESTEPS - 1));
}

/** One call of the model between each two timesteps; deterministic with eta 0, its default. */
export async function sampleDdim(latents: Latents, timesteps: number[], context: SamplerContext): Promise<Latents> {
  let x = latents;
  for (let i = timesteps.length - 1; i > 0; i--) {
    const move = { timestep: timesteps[i]!, next: timesteps[i - 1]! };
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const noise = await context.predict(x, move.timestep);
    const step = ddimStep(x, { noise, direction: noise, ...move }, context);
    x = step.latents;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}

/** Equation 12: the predicted picture and the direction back to the noise; eta replaces a part of this direction by fresh noise. */
export function ddimStep(
  x: Latents,
  move: { noise: Latents; direction: Latents; timestep: number; next: number },
  { schedule, settings, noise: source }: SamplerContext,
): { latents: Latents; denoised: Latents } {
  const { alphasCumprod } = schedule;
  const [alpha, alphaNext] = [alphasCumprod[move.timestep]!, alphasCumprod[move.next]!];
  const denoised = combine([1 / Math.sqrt(alpha), x], [-Math.sqrt((1 - alpha) / alpha), move.noise]);
  const deviation = settings.eta * Math.sqrt(((1 - alphaNext) / (1 - alpha)) * (1 - alpha / alphaNext));
  const latents = combine(
    [Math.sqrt(alphaNext), denoised],
    [Math.sqrt(Math.max(0, 1 - alphaNext - deviation ** 2)), move.direction],
  );
  if (deviation === 0) return { latents, denoised };
  return { latents: combine([1, latents], [deviation, source.next()]), denoised };
}
