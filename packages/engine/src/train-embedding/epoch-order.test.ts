import { expect, test } from "vitest";
import { batchesOfStep, placeOfStep, planEpochs } from "./epoch-order.ts";

test("batch and accumulation are limited by the number of pictures, as in A1111", () => {
  expect(planEpochs(14, { batchSize: 20, gradientStep: 3 })).toMatchObject({
    batchSize: 14,
    gradientStep: 1,
    stepsPerEpoch: 1,
  });
  expect(planEpochs(14, { batchSize: 2, gradientStep: 3 })).toMatchObject({
    batchSize: 2,
    gradientStep: 3,
    stepsPerEpoch: 2,
  });
});

test("an epoch has no picture twice, the next epoch has another order; only step and seed decide", () => {
  const plan = planEpochs(14, { batchSize: 2, gradientStep: 1 });
  const epochs = [0, 1].map((epoch) =>
    Array.from({ length: 7 }, (_, i) => batchesOfStep(plan, epoch * 7 + i, 3n)).flat(2),
  );
  for (const pictures of epochs)
    expect([...pictures].sort((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, i) => i));
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(batchesOfStep(plan, 9, 3n)).toEqual([epochs[1]!.slice(4, 6)]);
  expect(placeOfStep(plan, 9)).toEqual({ epoch: 1, epochStep: 2 });
});

test("every digit of the seed counts", () => {
  const plan = planEpochs(14, { batchSize: 2, gradientStep: 1 });
  const [one, other] = [12345678901234567890n, 12345678901234567891n].map((seed) => batchesOfStep(plan, 9, seed));
  expect(one).not.toEqual(other);
});
