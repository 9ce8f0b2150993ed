/** @file A loss that can be compared between steps: pictures, noise and time steps are always the same, so only the embedding changes it. */
import { concatenateFloats, TorchGenerator } from "@lexeme/core";
import { addNoise, timestepToSigma } from "@lexeme/schedulers";
import type { PromptChunk } from "@lexeme/tokenizer";
import type { Conditioning, DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { meanLatent, type Dataset } from "./dataset.ts";
import { lossAndGradient, type VectorStack } from "./training-graph.ts";

/** More pictures than this cost time without a better measurement. */
const MAX_PICTURES = 16;
/** Seed of the noise, and the first and last of the evenly spaced time steps, as in the demo world's reference figures. */
const NOISE_SEED = 11;
const TIME_STEPS = { first: 50, last: 950 } as const;
/** Pictures at once: two, because previews with guidance open the UNet for two anyway. */
const BATCH = 2;
/** Number of pictures if each of them costs a whole training step. */
const FEW_PICTURES = 4;

/** Called before each run of the network; false ends the measurement without a result. */
type GoOn = () => Promise<boolean>;

export interface FixedLossOptions {
  readonly conditioning: Conditioning;
  readonly goOn: GoOn;
}

export interface TrainingLossOptions {
  readonly stack: VectorStack;
  /** The prompt of all pictures. */
  readonly chunks: readonly PromptChunk[];
  /** The training's batch size, so that the training's session can be used. */
  readonly batchSize: number;
  readonly clipSkip?: number;
  readonly goOn: GoOn;
}

/** Mean squared error of the UNet's prediction, as in training, over up to 16 pictures with the same prompt: picture i of n at time step linspace(50, 950, n)[i]. Undefined if `goOn` ended it. */
export async function fixedLoss(
  model: DiffusionModel,
  dataset: Dataset,
  { conditioning, goOn }: FixedLossOptions,
): Promise<number | undefined> {
  const count = Math.min(dataset.pictures.length, MAX_PICTURES);
  const { length, noisyPicture } = noisyPictures(model, dataset, count);
  const isV = (await model.predictionType()) === "v";
  // At the same latents v = (noise - sqrt(1 - a) x) / sqrt(a), so the error of v is 1 / sqrt(a) = sqrt(1 + sigma^2) times the error of the noise.
  const weightAt = (timestep: number) => (isV ? 1 + timestepToSigma(model.checkpoint.noiseSchedule, timestep) ** 2 : 1);
  let sum = 0;
  for (let first = 0; first < count; first += BATCH) {
    if (!(await goOn())) return undefined;
    // The last picture of an odd number fills both places of the batch and counts once.
    const pictures = Array.from({ length: BATCH }, (_, i) => noisyPicture(Math.min(first + i, count - 1)));
    const { latents, timesteps, noise } = joined(pictures);
    const conditionings = Array<Conditioning>(BATCH).fill(conditioning);
    const predicted = await model.predictNoise({ latents, timesteps, conditionings, grid: dataset.grid });
    const counted = Math.min(BATCH, count - first) * length;
    const weights = Array.from(timesteps, weightAt);
    for (let j = 0; j < counted; j++) sum += weights[Math.floor(j / length)]! * (predicted[j]! - noise[j]!) ** 2;
  }
  return sum / (count * length);
}

/**
 * The same error over four pictures (more if the batch is larger), with the training's own session. It is for large checkpoints: opening
 * another session would take longer than these steps.
 */
export async function fixedTrainingLoss(
  model: DiffusionModel,
  dataset: Dataset,
  { stack, chunks, batchSize, clipSkip = 1, goOn }: TrainingLossOptions,
): Promise<number | undefined> {
  const count = Math.ceil(FEW_PICTURES / batchSize) * batchSize;
  const { noisyPicture } = noisyPictures(model, dataset, count);
  let sum = 0;
  for (let first = 0; first < count; first += batchSize) {
    if (!(await goOn())) return undefined;
    const pictures = Array.from({ length: batchSize }, (_, i) => noisyPicture(first + i));
    const prompts = Array<readonly PromptChunk[]>(batchSize).fill(chunks);
    const batch = { prompts, ...joined(pictures), grid: dataset.grid, clipSkip };
    sum += (await lossAndGradient(model, batch, stack)).loss * batchSize;
  }
  return sum / count;
}

interface NoisyPicture {
  readonly latent: Float32Array;
  readonly timestep: number;
  readonly noise: Float32Array;
}

/** `count` pictures with noise added: the means of posteriors, picked evenly if the data set has more or fewer pictures. */
function noisyPictures({ checkpoint }: DiffusionModel, { pictures }: Dataset, count: number) {
  const clean = Array.from({ length: count }, (_, i) =>
    meanLatent(pictures[Math.floor((i * pictures.length) / count)]!.posterior),
  );
  const { length } = clean[0]!;
  const allNoise = new TorchGenerator(NOISE_SEED).randn(count * length);
  const noisyPicture = (i: number): NoisyPicture => {
    const timestep = timeStep(i, count);
    const noise = allNoise.subarray(i * length, (i + 1) * length);
    return { latent: addNoise(checkpoint.noiseSchedule, clean[i]!, { noise, timestep }), timestep, noise };
  };
  return { length, noisyPicture };
}

function joined(pictures: readonly NoisyPicture[]) {
  return {
    latents: concatenateFloats(pictures.map(({ latent }) => latent)),
    timesteps: Float32Array.from(pictures, ({ timestep }) => timestep),
    noise: concatenateFloats(pictures.map(({ noise }) => noise)),
  };
}

/** torch.linspace(50, 950, n).long()[i]. */
function timeStep(index: number, count: number): number {
  const { first, last } = TIME_STEPS;
  return count === 1 ? first : Math.trunc(first + (index * (last - first)) / (count - 1));
}
