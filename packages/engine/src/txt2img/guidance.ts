/** @file Classifier-free guidance: combines the UNet's predictions for the prompts. */
import type { Conditioning, DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { conditioningAt, partsAt, type PromptConditioning } from "../prompt/prompt-conditioning.ts";
import type { SamplingPass } from "./draw.ts";

/** One call of the model: the number of earlier calls, and the noise level in the sampler's units. */
export interface GuidedCall {
  readonly index: number;
  readonly level: number;
  /** Noise level of the latents before they were scaled. */
  readonly sigma: number;
  readonly x: Float32Array;
  readonly timestep: number;
}

/**
 * Guidance (Ho and Salimans 2022) over the parts of a prompt (Liu et al. 2022): u + sum of w_i s (c_i - u). If the factors sum to 1,
 * u cancels out and is not computed. Below the minimum sigma the first part replaces u, at scale 1, as in A1111.
 */
export async function guidedNoise(
  model: DiffusionModel,
  pass: SamplingPass,
  { call, onNegativeSkipped }: { call: GuidedCall; onNegativeSkipped?: (() => void) | undefined },
): Promise<Float32Array> {
  const { conditional, cfgScale, minUncondSigma = 0 } = pass;
  const weights = conditional.map(({ weight }) => weight);
  if (call.index % 2 === 1 && call.level < minUncondSigma) {
    onNegativeSkipped?.();
    const positives = positivesAt(conditional, call);
    // The same length as in the calls between, so that their open session is used.
    const even = repeatedEvenly([...positives, conditioningAt(pass.unconditional, call.index)])?.slice(0, -1);
    const c = await predict(model, pass, { call, conditionings: even ?? positives });
    return guide(c[0]!, c, weights);
  }
  const factors = weights.map((weight) => weight * cfgScale);
  if (factors.reduce((sum, factor) => sum + factor, 0) === 1) {
    const c = await predict(model, pass, { call, conditionings: positivesAt(conditional, call) });
    return c.length === 1 ? c[0]! : guide(new Float32Array(call.x.length), c, factors);
  }
  const { c, u } = await allPredictions(model, pass, call);
  return guide(u, c, factors);
}

/** The guided prediction with the scale multiplied by `guidanceFactor`, and u alone (CFG++). */
export async function guidedAndUnconditional(
  model: DiffusionModel,
  pass: SamplingPass,
  call: GuidedCall & { readonly guidanceFactor: number },
): Promise<{ guided: Float32Array; unconditional: Float32Array }> {
  const { c, u } = await allPredictions(model, pass, call);
  const scale = pass.cfgScale * call.guidanceFactor;
  const factors = pass.conditional.map(({ weight }) => weight * scale);
  return { guided: guide(u, c, factors), unconditional: u };
}

function guide(u: Float32Array, c: readonly Float32Array[], factors: readonly number[]): Float32Array {
  return u.map((value, i) => {
    let guided = value;
    for (let part = 0; part < c.length; part++) guided += factors[part]! * (c[part]![i]! - value);
    return guided;
  });
}

function positivesAt(conditional: PromptConditioning, { index }: GuidedCall): Conditioning[] {
  return partsAt(conditional, index).map(({ conditioning }) => conditioning);
}

/** If repeated prompts became longer than this many times the longest prompt, a separate session would cost less than the longer attention. */
const MAX_REPEATED = 4;

/**
 * Makes conditionings of different lengths equally long by repeating each as a whole. Attention to rows that all occur equally often gives
 * the same result, because the weights are divided evenly. Undefined if the length would be much larger than the longest conditioning.
 */
function repeatedEvenly(conditionings: readonly Conditioning[]): Conditioning[] | undefined {
  const lengths = conditionings.map(({ tokens }) => tokens);
  const common = lengths.reduce((multiple, length) => (multiple / greatestDivisor(multiple, length)) * length);
  if (common > MAX_REPEATED * Math.max(...lengths)) return undefined;
  return conditionings.map((conditioning) => {
    if (conditioning.tokens === common) return conditioning;
    const { data, tokens } = conditioning;
    const repeated = new Float32Array((data.length / tokens) * common);
    for (let at = 0; at < repeated.length; at += data.length) repeated.set(data, at);
    return { tokens: common, data: repeated };
  });
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** All predictions in one batch; the negative prompt in a separate call if the lengths are too different. */
async function allPredictions(
  model: DiffusionModel,
  pass: SamplingPass,
  call: GuidedCall,
): Promise<{ c: Float32Array[]; u: Float32Array }> {
  const positives = positivesAt(pass.conditional, call);
  const negative = conditioningAt(pass.unconditional, call.index);
  const conditionings = repeatedEvenly([...positives, negative]);
  if (conditionings !== undefined) {
    const c = await predict(model, pass, { call, conditionings });
    return { u: c.pop()!, c };
  }
  // The two sessions alternate, so neither may close to make room for the other.
  const { grid } = pass;
  const pictures = call.x.length / model.latentLength(grid);
  const keep = [positives, [negative]].map(
    (ones) => model.unetRequest({ batch: ones.length * pictures, tokens: ones[0]!.tokens, ...grid }).key,
  );
  const c = await predict(model, pass, { call, conditionings: positives, keep });
  const [u] = await predict(model, pass, { call, conditionings: [negative], keep });
  return { c, u: u! };
}

interface Prediction {
  readonly call: GuidedCall;
  readonly conditionings: Conditioning[];
  readonly keep?: readonly string[];
}

/**
 * One prediction for the whole batch of pictures per conditioning; all conditionings are equally long. If calls with and without the
 * negative prompt alternate, each conditioning has its own call: two batch sizes would need two sessions, which would close each other.
 */
async function predict(model: DiffusionModel, pass: SamplingPass, prediction: Prediction): Promise<Float32Array[]> {
  const { minUncondSigma = 0 } = pass;
  if (minUncondSigma === 0) return predictTogether(model, pass, prediction);
  const predictions: Float32Array[] = [];
  for (const one of prediction.conditionings) {
    predictions.push(...(await predictTogether(model, pass, { ...prediction, conditionings: [one] })));
  }
  return predictions;
}

async function predictTogether(
  model: DiffusionModel,
  { grid }: SamplingPass,
  { call, conditionings, keep = [] }: Prediction,
): Promise<Float32Array[]> {
  const { x, timestep, sigma } = call;
  const pictures = x.length / model.latentLength(grid);
  const latents = new Float32Array(conditionings.length * x.length);
  conditionings.forEach((_, i) => latents.set(x, i * x.length));
  const query = {
    latents,
    timesteps: new Float32Array(conditionings.length * pictures).fill(timestep),
    sigma,
    conditionings: conditionings.flatMap((one) => Array<Conditioning>(pictures).fill(one)),
    grid,
  };
  const noise = await model.predictNoise(query, keep);
  return conditionings.map((_, i) => noise.subarray(i * x.length, (i + 1) * x.length));
}
