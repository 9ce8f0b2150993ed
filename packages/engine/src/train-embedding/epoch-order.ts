/** @file Which pictures each step sees. Every epoch is a new shuffle, cut into whole batches and whole accumulation groups, as A1111 does for pictures of one size. */
import { randomStream, shuffle } from "./random-streams.ts";

export interface EpochPlan {
  readonly pictures: number;
  readonly batchSize: number;
  readonly gradientStep: number;
  readonly stepsPerEpoch: number;
}

/** A1111's limits: a batch is at most the data set, an accumulation group at most an epoch. */
export function planEpochs(pictures: number, asked: { batchSize: number; gradientStep: number }): EpochPlan {
  const batchSize = Math.min(asked.batchSize, pictures);
  const gradientStep = Math.min(asked.gradientStep, Math.floor(pictures / batchSize));
  const stepsPerEpoch = Math.floor(Math.floor(pictures / batchSize) / gradientStep);
  return { pictures, batchSize, gradientStep, stepsPerEpoch };
}

/** Where a step (from 0) lies, both from 0. With `repeats` an epoch that is shown counts as so many times the data set; the order of pictures knows none. */
export function placeOfStep(
  plan: EpochPlan,
  step: number,
  { repeats = 1 }: { repeats?: number } = {},
): { epoch: number; epochStep: number } {
  const length = plan.stepsPerEpoch * repeats;
  return { epoch: Math.floor(step / length), epochStep: step % length };
}

/** Picture numbers of a step's batches: `gradientStep` lists of `batchSize`. */
export function batchesOfStep(plan: EpochPlan, step: number, seed: bigint): number[][] {
  const { epoch, epochStep } = placeOfStep(plan, step);
  const order = shuffle(
    Array.from({ length: plan.pictures }, (_, i) => i),
    randomStream(seed, "order", epoch),
  );
  return Array.from({ length: plan.gradientStep }, (_, micro) => {
    const from = (epochStep * plan.gradientStep + micro) * plan.batchSize;
    return order.slice(from, from + plan.batchSize);
  });
}
