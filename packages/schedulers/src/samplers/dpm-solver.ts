/** @file The single steps of DPM-Solver (Lu et al. 2022a, algorithms 1 to 3; k-diffusion `DPMSolver`) that DPM fast and DPM adaptive share. */
import { combine, denoise, type Latents, type SamplerContext } from "../sampling.ts";
import { ancestralStep } from "./ancestral-step.ts";

/** A step between two times; time is lambda = -log sigma. */
export interface SolverStep {
  readonly from: number;
  readonly to: number;
}

/** Predictions within one step, by their place in the step, so that two orders share them. */
export type SolverCache = Map<number, Latents>;

export const sigmaAt = (time: number): number => Math.exp(-time);

/** The noise prediction at `from`, with which every order begins. */
export async function firstNoise(x: Latents, { from }: SolverStep, ports: SolverPorts): Promise<Latents> {
  return noiseAt(x, { time: from, place: 0 }, ports);
}

export interface SolverPorts {
  readonly context: SamplerContext;
  readonly cache: SolverCache;
}

/** One call of the model. */
export async function firstOrderStep(x: Latents, step: SolverStep, ports: SolverPorts): Promise<Latents> {
  const h = step.to - step.from;
  const noise = await firstNoise(x, step, ports);
  return combine([1, x], [-sigmaAt(step.to) * Math.expm1(h), noise]);
}

/** Two calls of the model; `place` is the position of the second call in the step, as a fraction. */
export async function secondOrderStep(
  x: Latents,
  step: SolverStep & { readonly place: number },
  ports: SolverPorts,
): Promise<Latents> {
  const { from, to, place } = step;
  const h = to - from;
  const noise = await firstNoise(x, step, ports);
  const middle = from + place * h;
  const inside = combine([1, x], [-sigmaAt(middle) * Math.expm1(place * h), noise]);
  const there = await noiseAt(inside, { time: middle, place }, ports);
  const whole = sigmaAt(to) * Math.expm1(h);
  return combine([1, x], [-whole + whole / (2 * place), noise], [-whole / (2 * place), there]);
}

/** Three calls of the model, at 0, one third and two thirds of the step. */
export async function thirdOrderStep(x: Latents, step: SolverStep, ports: SolverPorts): Promise<Latents> {
  const { from, to } = step;
  const h = to - from;
  const [r1, r2] = [1 / 3, 2 / 3];
  const [s1, s2] = [from + r1 * h, from + r2 * h];
  const noise = await firstNoise(x, step, ports);
  const u1 = combine([1, x], [-sigmaAt(s1) * Math.expm1(r1 * h), noise]);
  const noise1 = await noiseAt(u1, { time: s1, place: r1 }, ports);
  const curve2 = sigmaAt(s2) * (r2 / r1) * (Math.expm1(r2 * h) / (r2 * h) - 1);
  const u2 = combine([1, x], [-sigmaAt(s2) * Math.expm1(r2 * h) + curve2, noise], [-curve2, noise1]);
  const noise2 = await noiseAt(u2, { time: s2, place: r2 }, ports);
  const curve3 = (sigmaAt(to) / r2) * (Math.expm1(h) / h - 1);
  return combine([1, x], [-sigmaAt(to) * Math.expm1(h) + curve3, noise], [-curve3, noise2]);
}

/** The target of a step with fresh noise, and the amount of noise that raises the result to the level of `to`. The target is never below the end. */
export function noisyTarget(
  { from, to }: SolverStep,
  { end, eta }: { end: number; eta: number },
): { target: number; amount: number } {
  if (eta === 0) return { target: to, amount: 0 };
  const { down } = ancestralStep(sigmaAt(from), sigmaAt(to), eta);
  const target = Math.min(end, -Math.log(down));
  return { target, amount: Math.sqrt(Math.max(0, sigmaAt(to) ** 2 - sigmaAt(target) ** 2)) };
}

async function noiseAt(
  x: Latents,
  { time, place }: { time: number; place: number },
  { context, cache }: SolverPorts,
): Promise<Latents> {
  const known = cache.get(place);
  if (known) return known;
  const sigma = Math.fround(sigmaAt(time));
  const noise = combine([1 / sigma, x], [-1 / sigma, await denoise(x, sigma, context)]);
  cache.set(place, noise);
  return noise;
}
