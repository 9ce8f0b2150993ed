/** @file Chooses the pictures of each step. Every epoch is a new shuffle, divided into whole batches and whole accumulation groups, as in A1111 for pictures of one size. */
import { randomStream, shuffle } from "./random-streams.ts";

export interface EpochPlan {
  readonly pictures: number;
  readonly batchSize: number;
  readonly gradientStep: number;
  readonly stepsPerEpoch: number;
}

/** A1111's limits: a batch is at most as large as the data set, an accumulation group at most as large as an epoch. */
export function planEpochs(pictures: number, asked: { batchSize: number; gradientStep: number }): EpochPlan {
  const batchSize = Math.min(asked.batchSize, pictures);
  const gradientStep = Math.min(asked.gradientStep, Math.floor(pictures / batchSize));
  const stepsPerEpoch = Math.floor(Math.floor(pictures / batchSize) / gradientStep);
  return { pictures, batchSize, gradientStep, stepsPerEpoch };
}

/** The epoch of a step and the step's place in it, all from 0. With `repeats`, a shown epoch counts as that many passes over the data set; the order of pictures ignores it. */
export function placeOfStep(
  plan: EpochPlan,
  step: number,
  { repeats = 1 }: { repeats?: number } = {},
): { epoch: number; epochStep: number } {
  const length = plan.stepsPerEpoch * repeats;
  return { epoch: Math.floor(step / length), epochStep: step % length };
}

/** Picture numbers of a step's batches: `gradientStep` lists of `batchSize` numbers. */
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
