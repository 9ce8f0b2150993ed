/** @file UniPC (Zhao et al. 2023), variant B1(h), third order, data prediction, with A1111's own times, which go evenly from 1 to 1/1000. */
import type { NoiseSchedule } from "../noise-schedule.ts";
import { combine, type Latents, type SamplerContext } from "../sampling.ts";
import { solveLinear } from "./solve-linear.ts";

const ORDER = 3;

/** The schedule at one time: rates of signal and noise, and lambda = log(signal / noise). */
interface Moment {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

interface Evaluation extends Moment {
  readonly denoised: Latents;
}

/**
 * Calls the model once for each timestep. Only the number of timesteps is used. The first and last steps have a lower order. With fewer
 * timesteps than the order, where A1111 fails, the order is reduced.
 */
export async function sampleUnipc(latents: Latents, timesteps: number[], context: SamplerContext): Promise<Latents> {
  const steps = timesteps.length;
  if (steps === 0) return latents;
  const size = context.schedule.alphasCumprod.length;
  // The time starts at 1. In a second pass it starts at the last given timestep, computed as in A1111.
  const start = context.isSecondPass ? timesteps.at(-1)! / 1000 + 1 / 1000 : 1;
  const timeAt = (i: number) => start + (i / steps) * (1 / size - start);
  const evaluate = async (x: Latents, i: number): Promise<Evaluation> => {
    const moment = momentAt(context.schedule, timeAt(i));
    const noise = await context.predict(x, Math.fround((timeAt(i) - 1 / size) * 1000));
    return { ...moment, denoised: combine([1 / moment.alpha, x], [-moment.sigma / moment.alpha, noise]) };
  };
  let x = latents;
  /** Newest first. */
  let past: Evaluation[] = [await evaluate(x, 0)];
  for (let i = 1; i <= steps; i++) {
    const order = Math.min(ORDER, i, steps + 1 - i);
    const step = { past: past.slice(0, order), target: momentAt(context.schedule, timeAt(i)) };
    const predicted = unipcStep(x, step);
    if (i === steps) x = predicted;
    else {
      // eslint-disable-next-line no-await-in-loop -- each step needs the result of the step before.
      const here = await evaluate(predicted, i);
      x = unipcStep(x, { ...step, corrector: here.denoised });
      past = [here, ...past].slice(0, ORDER);
    }
    // eslint-disable-next-line no-await-in-loop
    await context.report({ latents: x, denoised: past[0]!.denoised });
  }
  return x;
}

/** Equations 3 and 9: the prediction, or the correction if `corrector`, the model's output for the prediction, is given. */
function unipcStep(
  x: Latents,
  { past, target, corrector }: { past: readonly Evaluation[]; target: Moment; corrector?: Latents },
): Latents {
  const [last, ...earlier] = past as [Evaluation, ...Evaluation[]];
  const h = target.lambda - last.lambda;
  const ratios = earlier.map(({ lambda }) => (lambda - last.lambda) / h);
  const differences = earlier.map(({ denoised }, k) => ({ denoised, scale: 1 / ratios[k]! }));
  if (corrector) {
    ratios.push(1);
    differences.push({ denoised: corrector, scale: 1 });
  }
  const take = -Math.expm1(-h);
  const weights = coefficients(ratios, h, corrector ? "corrector" : "predictor");
  // B(h) is -h in this variant.
  const terms = differences.flatMap(({ denoised, scale }, k) => {
    const factor = target.alpha * h * weights[k]! * scale;
    return [[factor, denoised] as const, [-factor, last.denoised] as const];
  });
  return combine([target.sigma / last.sigma, x], [target.alpha * take, last.denoised], ...terms);
}

/** The weights of the differences, from the order conditions (equation 10); for a single difference, the paper's simple value of one half. */
function coefficients(ratios: readonly number[], h: number, role: "predictor" | "corrector"): readonly number[] {
  if (ratios.length === 0) return [];
  if (ratios.length === 1) return [0.5];
  const hh = -h;
  const right: number[] = [];
  let [phi, factorial] = [Math.expm1(hh) / hh - 1, 1];
  for (let k = 1; k <= ratios.length; k++) {
    right.push((phi * factorial) / hh);
    factorial *= k + 1;
    phi = phi / hh - 1 / factorial;
  }
  const rows = right.map((_, power) => ratios.map((ratio) => ratio ** power));
  return solveLinear(rows, right, `UniPC ${role}`);
}

/** The schedule between its timesteps: log alpha is linear in time, and time k / 1000 is timestep k - 1. */
function momentAt({ alphasCumprod }: NoiseSchedule, time: number): Moment {
  const place = Math.min(Math.max(time * alphasCumprod.length - 1, 0), alphasCumprod.length - 1);
  const low = Math.min(Math.floor(place), alphasCumprod.length - 2);
  const [from, to] = [Math.log(alphasCumprod[low]!) / 2, Math.log(alphasCumprod[low + 1]!) / 2];
  const logAlpha = from + (place - low) * (to - from);
  const sigma = Math.sqrt(-Math.expm1(2 * logAlpha));
  return { alpha: Math.exp(logAlpha), sigma, lambda: logAlpha - Math.log(sigma) };
}
