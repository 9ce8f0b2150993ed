/**
 * @file The noise of each of the 1000 timesteps in SD 1.x's training: scaled-linear betas (LDM's `linear` schedule), their alphas, and
 * k-diffusion's sigmas with the conversion between sigma and timestep (`DiscreteSchedule`). Uses float32 where torch does.
 */
import { exp32 } from "./float32.ts";

/** SD 1.x's `linear_start`, `linear_end` and `timesteps` (v1-inference.yaml). */
const BETA_START = 0.00085;
const BETA_END = 0.012;
export const TRAIN_TIMESTEPS = 1000;

export interface NoiseSchedule {
  /** Product of alphas up to each timestep, `[1000]`: the remaining share of the picture's variance. */
  readonly alphasCumprod: Float32Array;
  /** `sqrt((1 - alphaCumprod) / alphaCumprod)`, ascending, `[1000]`. */
  readonly sigmas: Float32Array;
  /** Natural logarithms of the sigmas. */
  readonly logSigmas: Float32Array;
}

/** The schedule of an SD 1.x checkpoint. A file's own `alphas_cumprod` replaces the computed values. */
export function createNoiseSchedule(alphasCumprod: Float32Array = scaledLinearAlphasCumprod()): NoiseSchedule {
  const sigmas = alphasCumprod.map((alpha) => Math.sqrt(Math.fround(Math.fround(1 - alpha) / alpha)));
  return { alphasCumprod, sigmas, logSigmas: sigmas.map((sigma) => Math.log(sigma)) };
}

/** `linspace(sqrt(start), sqrt(end), 1000)²` as betas, in double precision as LDM computes them. */
function scaledLinearAlphasCumprod(): Float32Array {
  const betas = linspace(Math.sqrt(BETA_START), Math.sqrt(BETA_END), TRAIN_TIMESTEPS).map((root) => root ** 2);
  let product = 1;
  return Float32Array.from(betas, (beta) => (product *= 1 - beta));
}

/** The fractional timestep with this sigma: linear in log sigma between the two nearest timesteps. */
export function sigmaToTimestep({ logSigmas }: Pick<NoiseSchedule, "logSigmas">, sigma: number): number {
  const logSigma = Math.fround(Math.log(sigma));
  const last = logSigmas.length - 2;
  let low = 0;
  while (low < last && logSigmas[low + 1]! <= logSigma) low++;
  const [from, to] = [logSigmas[low]!, logSigmas[low + 1]!];
  const weight = Math.min(1, Math.max(0, Math.fround(Math.fround(from - logSigma) / Math.fround(from - to))));
  return Math.fround(Math.fround(1 - weight) * low + weight * (low + 1));
}

/** The sigma of a timestep, which may be fractional. */
export function timestepToSigma({ logSigmas }: Pick<NoiseSchedule, "logSigmas">, timestep: number): number {
  const low = Math.floor(timestep);
  const weight = Math.fround(timestep - low);
  const below = Math.fround(Math.fround(1 - weight) * logSigmas[low]!);
  return exp32(Math.fround(below + Math.fround(weight * logSigmas[Math.ceil(timestep)]!)));
}

/** The input of a UNet in training: `sqrt(alphaCumprod) x + sqrt(1 - alphaCumprod) noise` (DDPM's `q_sample`). */
export function addNoise(
  { alphasCumprod }: NoiseSchedule,
  latents: Float32Array,
  { noise, timestep }: { noise: Float32Array; timestep: number },
): Float32Array {
  const alpha = alphasCumprod[timestep];
  if (alpha === undefined) throw new RangeError(`timestep ${timestep} is not one of ${alphasCumprod.length}`);
  if (noise.length !== latents.length)
    throw new TypeError(`${latents.length} latents need as much noise, got ${noise.length}`);
  const signalRate = Math.fround(Math.sqrt(alpha));
  const noiseRate = Math.fround(Math.sqrt(1 - alpha));
  return latents.map((x, i) => Math.fround(signalRate * x) + Math.fround(noiseRate * noise[i]!));
}

/** `count` values from `start` to `end` in double precision, as in numpy. */
function linspace(start: number, end: number, count: number): number[] {
  const step = (end - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i < count / 2 ? start + step * i : end - step * (count - 1 - i)));
}
