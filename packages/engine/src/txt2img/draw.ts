/** @file From conditioned noise to pictures: guidance, sampling, decoding. Knows nothing of files. */
import { LexemeError } from "@lexeme/core";
import { ImageNoise, sampleLatents, type SampleStep, type SamplingPlan } from "@lexeme/schedulers";
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
}

export interface DrawPorts {
  readonly control: JobControl;
  /** After each step. */
  readonly onStep?: (step: SampleStep) => void | Promise<void>;
}

/** Samples a batch of latents, one array a picture, in the sampler's scale. A picture is the same alone and in a batch. */
export async function drawLatents(
  model: DiffusionModel,
  request: DrawRequest,
  { control, onStep }: DrawPorts,
): Promise<Float32Array[]> {
  const length = model.latentLength(request.grid);
  const noise = new ImageNoise(request.seeds, length);
  const latents = await sampleLatents(noise.next(), request.plan, {
    schedule: model.checkpoint.noiseSchedule,
    nextNoise: () => noise.next(),
    predictNoise: (x, timestep) => guidedNoise(model, request, { x, timestep }),
    signal: control.cancelled,
    async onStep(step) {
      await onStep?.(step);
      await checkpointForCancel(control);
    },
  });
  return request.seeds.map((_, i) => latents.slice(i * length, (i + 1) * length));
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): u + s (c - u). Both in one batch when the prompts are equally long, one after
 * the other when not; a scale of 1 leaves nothing of u, which is then not computed.
 */
async function guidedNoise(
  model: DiffusionModel,
  { conditional, unconditional, cfgScale, seeds, grid }: DrawRequest,
  { x, timestep }: { x: Float32Array; timestep: number },
): Promise<Float32Array> {
  const batch = seeds.length;
  const times = (count: number) => new Float32Array(count).fill(timestep);
  const repeated = (conditioning: Conditioning) => Array<Conditioning>(batch).fill(conditioning);
  const single = (conditioning: Conditioning, keep: readonly string[]) =>
    model.predictNoise({ latents: x, timesteps: times(batch), conditionings: repeated(conditioning), grid }, keep);

  if (cfgScale === 1) return single(conditional, []);
  let c: Float32Array;
  let u: Float32Array;
  if (conditional.tokens === unconditional.tokens) {
    const latents = new Float32Array(2 * x.length);
    latents.set(x);
    latents.set(x, x.length);
    const conditionings = [...repeated(conditional), ...repeated(unconditional)];
    const both = await model.predictNoise({ latents, timesteps: times(2 * batch), conditionings, grid });
    [c, u] = [both.subarray(0, x.length), both.subarray(x.length)];
  } else {
    // Two sessions that take turns: neither may close for the other.
    const keep = [conditional, unconditional].map(({ tokens }) => model.unetRequest({ batch, tokens, ...grid }).key);
    c = await single(conditional, keep);
    u = await single(unconditional, keep);
  }
  return u.map((value, i) => value + cfgScale * (c[i]! - value));
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
