/** @file A loss that can be compared: always the same pictures, noise and time steps, so only the embedding changes it. */
import { TorchGenerator } from "@lexeme/core";
import { addNoise } from "@lexeme/schedulers";
import type { Conditioning, DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { meanLatent, type Dataset } from "./dataset.ts";

/** More pictures than this tell nothing new and cost time. */
const MAX_PICTURES = 16;
/** Seed of the noise, and the first and last of the evenly spaced time steps: those of the demo world's reference figures. */
const NOISE_SEED = 11;
const TIME_STEPS = { first: 50, last: 950 } as const;
/** Pictures at once. Two, because previews with guidance open the UNet for two anyway. */
const BATCH = 2;

export interface FixedLossOptions {
  readonly conditioning: Conditioning;
  /** Asked before each run of the UNet; false gives the measurement up. */
  readonly goOn: () => Promise<boolean>;
}

/** Mean squared error of the noise over up to 16 pictures, all with one prompt: picture i of n at time step linspace(50, 950, n)[i]. Undefined when given up. */
export async function fixedLoss(
  model: DiffusionModel,
  dataset: Dataset,
  { conditioning, goOn }: FixedLossOptions,
): Promise<number | undefined> {
  const latents = chosenLatents(dataset);
  const length = latents[0]!.length;
  const noise = new TorchGenerator(NOISE_SEED).randn(latents.length * length);
  const { noiseSchedule } = model.checkpoint;
  let sum = 0;
  for (let first = 0; first < latents.length; first += BATCH) {
    if (!(await goOn())) return undefined;
    const noisy = new Float32Array(BATCH * length);
    const timesteps = new Float32Array(BATCH);
    for (let i = 0; i < BATCH; i++) {
      // The last of an odd number fills the batch twice and counts once.
      const picture = Math.min(first + i, latents.length - 1);
      const timestep = timeStep(picture, latents.length);
      const own = noise.subarray(picture * length, (picture + 1) * length);
      noisy.set(addNoise(noiseSchedule, latents[picture]!, { noise: own, timestep }), i * length);
      timesteps[i] = timestep;
    }
    const conditionings = Array<Conditioning>(BATCH).fill(conditioning);
    const predicted = await model.predictNoise({ latents: noisy, timesteps, conditionings, grid: dataset.grid });
    const counted = Math.min(BATCH, latents.length - first) * length;
    for (let j = 0; j < counted; j++) sum += (predicted[j]! - noise[first * length + j]!) ** 2;
  }
  return sum / (latents.length * length);
}

/** The posteriors' means, evenly picked when there are too many. */
function chosenLatents({ pictures }: Dataset): Float32Array[] {
  const count = Math.min(pictures.length, MAX_PICTURES);
  return Array.from({ length: count }, (_, i) =>
    meanLatent(pictures[Math.floor((i * pictures.length) / count)]!.posterior),
  );
}

/** torch.linspace(50, 950, n).long()[i]. */
function timeStep(index: number, count: number): number {
  const { first, last } = TIME_STEPS;
  return count === 1 ? first : Math.trunc(first + (index * (last - first)) / (count - 1));
}
