/** @file Restart sampling (Xu et al. 2023): Heun's steps, with one or two restarts that go up to sigma 2 and down again. */
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { karrasRamp } from "../schedules/sigma-schedules.ts";
import { heunStep } from "./heun.ts";

/** A1111's choice: with 20 steps or more, a restart goes from near sigma 0.1 up to 2. */
const RESTART_FROM_STEPS = 20;
const RESTART_LOW = 0.1;
const RESTART_HIGH = 2;
/** Steps of a single restart, and the number of steps from which there are two restarts, each with a quarter of the steps. */
const RESTART_STEPS = 9;
const TWICE_FROM_STEPS = 36;

/** Of both ramps, A1111's. */
const RHO = 7;

/** Two calls of the model for each Heun step, one call for the step that ends at 0. */
export async function sampleRestart(latents: Latents, sigmas: Float32Array, context: SamplerContext): Promise<Latents> {
  let x = latents;
  let level: number | undefined;
  for (const { from, to } of restartPath(sigmas)) {
    if (level !== undefined && level < from) {
      const amount = Math.sqrt(from ** 2 - level ** 2);
      x = combine([1, x], [amount, context.noise.next()]);
    }
    // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
    const step = await heunStep(x, { from, to }, context);
    x = step.latents;
    level = to;
    // eslint-disable-next-line no-await-in-loop
    await context.report(step);
  }
  return x;
}

interface Step {
  readonly from: number;
  readonly to: number;
}

/** The steps of restarts count as part of the requested steps. The remaining steps follow Karras' schedule, even if another schedule was chosen. */
function restartPath(sigmas: Float32Array): Step[] {
  const asked = sigmas.length - 1;
  if (asked < RESTART_FROM_STEPS) return stepsOf(sigmas);
  const twice = asked >= TWICE_FROM_STEPS;
  const [count, times] = twice ? [Math.floor(asked / 4), 2] : [RESTART_STEPS, 1];
  const range = { smallest: sigmas.at(-2)!, largest: sigmas[0]! };
  const main = Float32Array.from(karrasRamp({ ...range, rho: RHO }, asked - count * times));
  const [low, high] = [nearest(main, RESTART_LOW), nearest(main, RESTART_HIGH)];
  const steps = stepsOf(main);
  if (high >= low) return steps;
  const back = Float32Array.from(karrasRamp({ smallest: main[low]!, largest: main[high]!, rho: RHO }, count + 1)).slice(
    0,
    -1,
  );
  const restarts = Array.from({ length: times }, () => stepsOf(back)).flat();
  return [...steps.slice(0, low), ...restarts, ...steps.slice(low)];
}

function stepsOf(sigmas: Float32Array): Step[] {
  return Array.from(sigmas.subarray(1), (to, i) => ({ from: sigmas[i]!, to }));
}

function nearest(sigmas: Float32Array, wanted: number): number {
  const distances = Array.from(sigmas, (sigma) => Math.abs(sigma - wanted));
  return distances.indexOf(Math.min(...distances));
}
