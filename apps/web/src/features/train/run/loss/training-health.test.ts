/** @file The sentence about learning, for each way a run can go. */
import { expect, it } from "vitest";
import { trainingHealth } from "./training-health.ts";

it.each([
  [{ before: 0.142, now: 0.118, step: 400 }, "good", "Learning: fixed-noise loss 0.142 → 0.118"],
  [{ before: 0.142, now: 0.1419, step: 400 }, "neutral", "Not learning yet: fixed-noise loss 0.142 → 0.142"],
  [{ before: 0.142, now: 0.142, step: 0 }, "neutral", "Before learning: fixed-noise loss 0.142"],
  [
    { before: 0.1, now: 0.2, step: 1200 },
    "bad",
    "Getting worse: fixed-noise loss 0.100 → 0.200 at step 1,200: lower the learning rate",
  ],
  [
    { before: 0.1, now: Number.NaN, step: 1 },
    "bad",
    "The loss is no longer a number: stop, and start again with a lower learning rate",
  ],
])("%o is %s", (fixedLoss, tone, sentence) => {
  expect(trainingHealth(fixedLoss)).toEqual({ tone, sentence });
});
