/** @file Draws one pass of a batch, from noise to latents, and decodes a latent to a picture. It does not use files. */
import { concatenateFloats, LexemeError } from "@lexeme/core";
import { ImageNoise, sampleLatents, type NoiseSettings, type SampleStep } from "@lexeme/schedulers";
import { SAMPLERS } from "@lexeme/schedulers/catalogue";
import type { DiffusionModel, LatentGrid } from "../checkpoint/diffusion-model.ts";
import { checkpointForCancel } from "../job-ports.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";
import type { DrawBatch, SamplingPass } from "./draw.ts";
import { guidedAndUnconditional, guidedNoise } from "./guidance.ts";
import { unlessInterrupted, type BatchControl } from "./interrupted-batch.ts";

/** The input of a pass: the batch's seeds, and for a second pass the latents that it starts from, one for each seed. */
export interface DrawInput extends DrawBatch {
  readonly pictures?: readonly Float32Array[] | undefined;
}

export interface DrawPorts {
  readonly control: BatchControl;
  /** Called after each step. */
  readonly onStep?: (step: SampleStep) => void | Promise<void>;
  /** Called each time that the minimum sigma leaves the negative prompt out. */
  readonly onNegativeSkipped?: () => void;
}

/**
 * Samples a batch of latents, one array for each picture, in the sampler's scale. A picture is the same alone and in a batch. After an
 * interruption, a picture is the last step's estimate of the finished picture, as in its preview; pictures without a step are left out.
 */
export async function drawLatents(
  model: DiffusionModel,
  { pass, input }: { pass: SamplingPass; input: DrawInput },
  ports: DrawPorts,
): Promise<Float32Array[]> {
  if (SAMPLERS[pass.samplerName].choosesSteps && input.seeds.length > 1) {
    return drawOneByOne(model, { pass, input }, ports);
  }
  const { control, onStep, onNegativeSkipped } = ports;
  const length = model.latentLength(pass.grid);
  const shape = { channels: model.checkpoint.sizes.latentChannels, ...pass.grid };
  const noise = new ImageNoise(input.seeds, shape, noiseOf(pass, input));
  let last: Float32Array | undefined;
  const finished = await unlessInterrupted(control, (within) =>
    sampleLatents(noise.next(), pass, {
      schedule: model.checkpoint.noiseSchedule,
      noise,
      picture: input.pictures && concatenateFloats(input.pictures),
      predictNoise: (x, timestep, call) =>
        guidedNoise(model, pass, { call: { x, timestep, ...call }, onNegativeSkipped }),
      predictGuided: (x, timestep, call) => guidedAndUnconditional(model, pass, { x, timestep, ...call }),
      signal: within.cancelled,
      async onStep(step) {
        last = step.denoised;
        await onStep?.(step);
        await checkpointForCancel(within);
      },
    }),
  );
  const latents = finished ?? last;
  if (latents === undefined) return [];
  return input.seeds.map((_, i) => latents.slice(i * length, (i + 1) * length));
}

function noiseOf({ noise, variationStrength = 0 }: SamplingPass, { subseeds }: DrawBatch): NoiseSettings {
  return variationStrength > 0
    ? { ...noise, variation: { seeds: subseeds, strength: variationStrength } }
    : { ...noise };
}

/** Draws the pictures one by one, for a sampler whose steps depend on all latents of the batch. Progress counts the steps of one picture for the whole batch. */
async function drawOneByOne(
  model: DiffusionModel,
  { pass, input }: { pass: SamplingPass; input: DrawInput },
  ports: DrawPorts,
): Promise<Float32Array[]> {
  const { seeds, subseeds, pictures } = input;
  const drawn: Float32Array[] = [];
  for (let i = 0; i < seeds.length; i++) {
    const onStep = (step: SampleStep) =>
      ports.onStep?.({ ...step, step: Math.floor((i * step.total + step.step) / seeds.length) });
    const alone = {
      seeds: seeds.slice(i, i + 1),
      subseeds: subseeds.slice(i, i + 1),
      pictures: pictures?.slice(i, i + 1),
    };
    // eslint-disable-next-line no-await-in-loop -- the pictures must be drawn one after the other.
    drawn.push(...(await drawLatents(model, { pass, input: alone }, { ...ports, onStep })));
    if (ports.control.interrupted?.aborted === true) break;
  }
  return drawn;
}

/** Decodes one latent into 8-bit pixels, which are truncated, not rounded, as in A1111. Throws LexemeError `PICTURE_NOT_FINITE` for NaN, which would give a black picture. */
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
    "PICTURE_NOT_FINITE",
    "The picture's values are not numbers (NaN): the checkpoint or an embedding in the prompt is damaged, or a weight is far too large",
  );
}
