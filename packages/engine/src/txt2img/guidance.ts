/** @file Classifier-free guidance: what the prompts make of the UNet's predictions. */
import type { Conditioning, DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import {
  conditioningAt,
  partsAt,
  type PromptConditioning,
  type ScheduledConditioning,
} from "../prompt/prompt-conditioning.ts";

export interface GuidanceRequest {
  readonly conditional: PromptConditioning;
  readonly unconditional: ScheduledConditioning;
  readonly cfgScale: number;
  /** One for each picture of the batch. */
  readonly seeds: readonly number[];
  readonly grid: LatentGrid;
  /** Negative guidance minimum sigma: below it every other call leaves the negative prompt out, 0 for never. */
  readonly minUncondSigma?: number;
}

/** One call of the model: how many came before, and the noise level as the sampler counts it. */
export interface GuidedCall {
  readonly index: number;
  readonly level: number;
  /** Noise of the latents before they were scaled. */
  readonly sigma: number;
  readonly x: Float32Array;
  readonly timestep: number;
}

/**
 * Guidance (Ho and Salimans 2022) over the parts of a prompt (Liu et al. 2022): u + sum of w_i s (c_i - u). If the factors sum to 1
 * nothing of u is left, which is then not computed. Below the minimum sigma the first part stands for u, at scale 1, as in A1111.
 */
export async function guidedNoise(
  model: DiffusionModel,
  request: GuidanceRequest,
  { call, onNegativeSkipped }: { call: GuidedCall; onNegativeSkipped?: (() => void) | undefined },
): Promise<Float32Array> {
  const { conditional, cfgScale, minUncondSigma = 0 } = request;
  const weights = conditional.map(({ weight }) => weight);
  if (call.index % 2 === 1 && call.level < minUncondSigma) {
    onNegativeSkipped?.();
    const c = await predict(model, request, { call, conditionings: positivesAt(conditional, call) });
    return guide(c[0]!, c, weights);
  }
  const factors = weights.map((weight) => weight * cfgScale);
  if (factors.reduce((sum, factor) => sum + factor, 0) === 1) {
    const c = await predict(model, request, { call, conditionings: positivesAt(conditional, call) });
    return c.length === 1 ? c[0]! : guide(new Float32Array(call.x.length), c, factors);
  }
  const { c, u } = await allPredictions(model, request, call);
  return guide(u, c, factors);
}

/** The same with the scale times `guidanceFactor`, and u by itself (CFG++). */
export async function guidedAndUnconditional(
  model: DiffusionModel,
  request: GuidanceRequest,
  call: GuidedCall & { readonly guidanceFactor: number },
): Promise<{ guided: Float32Array; unconditional: Float32Array }> {
  const { c, u } = await allPredictions(model, request, call);
  const scale = request.cfgScale * call.guidanceFactor;
  const factors = request.conditional.map(({ weight }) => weight * scale);
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

/** All in one batch when the prompts are equally long; the negative prompt after the others when not. */
async function allPredictions(
  model: DiffusionModel,
  request: GuidanceRequest,
  call: GuidedCall,
): Promise<{ c: Float32Array[]; u: Float32Array }> {
  const positives = positivesAt(request.conditional, call);
  const negative = conditioningAt(request.unconditional, call.index);
  if (positives[0]!.tokens === negative.tokens) {
    const c = await predict(model, request, { call, conditionings: [...positives, negative] });
    return { u: c.pop()!, c };
  }
  // Two sessions that take turns: neither may close for the other.
  const keep = [positives, [negative]].map(
    (ones) =>
      model.unetRequest({ batch: ones.length * request.seeds.length, tokens: ones[0]!.tokens, ...request.grid }).key,
  );
  const c = await predict(model, request, { call, conditionings: positives, keep });
  const [u] = await predict(model, request, { call, conditionings: [negative], keep });
  return { c, u: u! };
}

/** One prediction for the whole batch of pictures per conditioning; all conditionings are equally long. */
async function predict(
  model: DiffusionModel,
  { seeds, grid }: GuidanceRequest,
  { call, conditionings, keep = [] }: { call: GuidedCall; conditionings: Conditioning[]; keep?: readonly string[] },
): Promise<Float32Array[]> {
  const { x, timestep, sigma } = call;
  const latents = new Float32Array(conditionings.length * x.length);
  conditionings.forEach((_, i) => latents.set(x, i * x.length));
  const query = {
    latents,
    timesteps: new Float32Array(conditionings.length * seeds.length).fill(timestep),
    sigma,
    conditionings: conditionings.flatMap((one) => Array<Conditioning>(seeds.length).fill(one)),
    grid,
  };
  const noise = await model.predictNoise(query, keep);
  return conditionings.map((_, i) => noise.subarray(i * x.length, (i + 1) * x.length));
}
