/** @file The sentence about learning, for each way a run can go, and the numbers behind it. */
import { expect, it } from "vitest";
import { changeText, endedHealth, figuresText, trainingHealth } from "./training-health.ts";

it.each([
  [{ startStep: 0, start: 0.142, now: 0.125, step: 400 }, "good", "Learning: 12 % better than at the start"],
  [{ startStep: 0, start: 0.298, now: 0.278, step: 400 }, "good", "Learning: 6.7 % better than at the start"],
  [{ startStep: 0, start: 0.142, now: 0.1419, step: 400 }, "neutral", "Not learning yet: as good as at the start"],
  [{ startStep: 0, start: 0.142, now: 0.142, step: 0 }, "neutral", "Nothing learned yet"],
  [
    { startStep: 0, start: 0.1, now: 0.2, step: 1200 },
    "bad",
    "Getting worse, 100 % worse than at the start at step 1,200: lower the learning rate",
  ],
  [
    { startStep: 0, start: 0.1, now: Number.NaN, step: 1 },
    "bad",
    "The loss is no longer a number: stop, and start again with a lower learning rate",
  ],
])("%o is %s", (change, tone, sentence) => {
  expect(trainingHealth(change)).toEqual({ tone, sentence });
});

it("says what a training has learned once it has ended", () => {
  expect(endedHealth({ startStep: 0, start: 0.142, now: 0.125, step: 400 })).toEqual({
    tone: "good",
    sentence: "12 % better than at the start",
  });
  expect(endedHealth({ startStep: 0, start: 0.1, now: 0.2, step: 400 }).sentence).toBe("100 % worse than at the start");
});

it("says the numbers to whoever asks", () => {
  expect(figuresText({ startStep: 0, start: 0.0695, now: 0.0614, step: 800 })).toMatch(
    /^Loss at fixed noise: 0\.0695 at the start, 0\.0614 at step 800\./,
  );
  expect(figuresText({ startStep: 0, start: 0.0695, now: 0.0695, step: 0 })).toMatch(
    /^Loss at fixed noise: 0\.0695 at the start\./,
  );
});

it("names the step of the first measurement where the beginning of the word is gone", () => {
  expect(changeText({ startStep: 300, start: 0.142, now: 0.125 })).toBe("12 % better than at step 300");
  expect(trainingHealth({ startStep: 300, start: 0.142, now: 0.142, step: 300 }).sentence).toBe("Nothing learned yet");
});

it("finds no change where the first loss is 0", () => {
  expect(changeText({ startStep: 0, start: 0, now: 0.1 })).toBe("as good as at the start");
});
