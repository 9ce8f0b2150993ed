/** @file From conditioned noise to pictures: guidance, sampling, decoding. Knows nothing of files. */
import { LexemeError } from "@lexeme/core";
import {
  ImageNoise,
  sampleLatents,
  SAMPLERS,
  type ModelCall,
  type NoiseSettings,
  type SampleStep,
  type SamplingPlan,
} from "@lexeme/schedulers";
import type { Conditioning, DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";

export interface DrawRequest {
  readonly conditional: Conditioning;
  readonly unconditional: Conditioning;
  readonly cfgScale: number;
  /** One for each picture of the batch. */
  readonly seeds: readonly number[];
  readonly grid: LatentGrid;
  readonly plan: SamplingPlan;
  /** Source, variation, resizing and seed delta of the noise; the seeds' own CPU noise without. Sizes are in latents. */
  readonly noise?: NoiseSettings;
  /** Negative guidance minimum sigma: below it every other call leaves the negative prompt out, 0 for never. */
  readonly minUncondSigma?: number;
}

export interface DrawPorts {
  readonly control: JobControl;
  /** After each step. */
  readonly onStep?: (step: SampleStep) => void | Promise<void>;
  /** Each time that the minimum sigma leaves the negative prompt out. */
  readonly onNegativeSkipped?: () => void;
}

interface GuidedCall extends ModelCall {
  readonly x: Float32Array;
  readonly timestep: number;
}

/** Samples a batch of latents, one array a picture, in the sampler's scale. A picture is the same alone and in a batch. */
export async function drawLatents(
  model: DiffusionModel,
  request: DrawRequest,
  ports: DrawPorts,
): Promise<Float32Array[]> {
  const sampler = SAMPLERS[request.plan.samplerName];
  if (sampler.kind === "sigmas" && sampler.drawsAlone && request.seeds.length > 1) {
    return drawOneByOne(model, request, ports);
  }
  const { control, onStep } = ports;
  const length = model.latentLength(request.grid);
  const shape = { channels: model.checkpoint.sizes.latentChannels, ...request.grid };
  const noise = new ImageNoise(request.seeds, shape, request.noise);
  const latents = await sampleLatents(noise.next(), request.plan, {
    schedule: model.checkpoint.noiseSchedule,
    noise,
    predictNoise: (x, timestep, call) => guidedNoise(model, request, { call: { x, timestep, ...call }, ports }),
    async predictGuided(x, timestep, { guidanceFactor, ...call }) {
      const { c, u } = await bothPredictions(model, request, { x, timestep, ...call });
      return { guided: guide(u, c, request.cfgScale * guidanceFactor), unconditional: u };
    },
    signal: control.cancelled,
    async onStep(step) {
      await onStep?.(step);
      await checkpointForCancel(control);
    },
  });
  return request.seeds.map((_, i) => latents.slice(i * length, (i + 1) * length));
}

/** For a sampler whose steps depend on all of its latents. The steps of the whole batch count as one picture's. */
async function drawOneByOne(model: DiffusionModel, request: DrawRequest, ports: DrawPorts): Promise<Float32Array[]> {
  const { seeds, noise = {} } = request;
  const drawn: Float32Array[] = [];
  for (const [i, seed] of seeds.entries()) {
    const { variation } = noise;
    const own = variation ? { ...noise, variation: { ...variation, seeds: variation.seeds.slice(i, i + 1) } } : noise;
    const onStep = (step: SampleStep) =>
      ports.onStep?.({ ...step, step: Math.floor((i * step.total + step.step) / seeds.length) });
    // eslint-disable-next-line no-await-in-loop -- one after the other is the point.
    drawn.push(...(await drawLatents(model, { ...request, seeds: [seed], noise: own }, { ...ports, onStep })));
  }
  return drawn;
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): u + s (c - u). A scale of 1 leaves nothing of u, which is then not computed; nor is it
 * where the minimum sigma leaves the negative prompt out, on every second call as in A1111.
 */
async function guidedNoise(
  model: DiffusionModel,
  request: DrawRequest,
  { call, ports }: { call: GuidedCall; ports: DrawPorts },
): Promise<Float32Array> {
  const { cfgScale, minUncondSigma = 0 } = request;
  const isSkipped = call.index % 2 === 1 && call.level < minUncondSigma;
  if (isSkipped) ports.onNegativeSkipped?.();
  if (cfgScale === 1 || isSkipped) return prediction(model, request, { ...call, of: request.conditional, keep: [] });
  const { c, u } = await bothPredictions(model, request, call);
  return guide(u, c, cfgScale);
}

function guide(u: Float32Array, c: Float32Array, scale: number): Float32Array {
  return u.map((value, i) => value + scale * (c[i]! - value));
}

/** Both prompts in one batch when they are equally long, one after the other when not. */
async function bothPredictions(
  model: DiffusionModel,
  request: DrawRequest,
  call: GuidedCall,
): Promise<{ c: Float32Array; u: Float32Array }> {
  const { conditional, unconditional, seeds, grid } = request;
  const { x, timestep } = call;
  const batch = seeds.length;
  if (conditional.tokens === unconditional.tokens) {
    const latents = new Float32Array(2 * x.length);
    latents.set(x);
    latents.set(x, x.length);
    const conditionings = [conditional, unconditional].flatMap((one) => Array<Conditioning>(batch).fill(one));
    const timesteps = new Float32Array(2 * batch).fill(timestep);
    const both = await model.predictNoise({ latents, timesteps, conditionings, grid });
    return { c: both.subarray(0, x.length), u: both.subarray(x.length) };
  }
  // Two sessions that take turns: neither may close for the other.
  const keep = [conditional, unconditional].map(({ tokens }) => model.unetRequest({ batch, tokens, ...grid }).key);
  const c = await prediction(model, request, { ...call, of: conditional, keep });
  return { c, u: await prediction(model, request, { ...call, of: unconditional, keep }) };
}

function prediction(
  model: DiffusionModel,
  { seeds, grid }: DrawRequest,
  { x, timestep, of, keep }: GuidedCall & { of: Conditioning; keep: readonly string[] },
): Promise<Float32Array> {
  const conditionings = Array<Conditioning>(seeds.length).fill(of);
  const timesteps = new Float32Array(seeds.length).fill(timestep);
  return model.predictNoise({ latents: x, timesteps, conditionings, grid }, keep);
}

/** Decodes one latent into 8-bit pixels as A1111 does: cut off, not rounded. Throws LexemeError `PICTURE_NOT_FINITE` for NaN, which would be a black picture. */
export async function decodePicture(
  model: DiffusionModel,
  latent: Float32Array,
  grid: LatentGrid,
): Promise<RawPicture> {
  const planes = await model.decode(latent, grid);
  const { vaeFactor } = model.checkpoint.sizes;
  const [width, height] = [grid.width * vaeFactor, grid.height * vaeFactor];
  const count = width * height;
  const data = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = (planes[channel * count + i]! + 1) / 2;
      if (Number.isNaN(value)) throw notFinite();
      data[i * 3 + channel] = Math.trunc(255 * Math.min(Math.max(value, 0), 1));
    }
  }
  return { width, height, data };
}

function notFinite(): LexemeError {
  return new LexemeError(
    "The picture came out as no numbers (NaN): the checkpoint or an embedding in the prompt is damaged, or a weight is far too large",
    { code: "PICTURE_NOT_FINITE", kind: "input" },
  );
}
