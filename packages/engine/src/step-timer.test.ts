/** @file Times of steps with different amounts of work. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StepTimer } from "./step-timer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("steps of four times the work are expected to take four times as long", () => {
  // Two small steps, then two large ones.
  const timer = new StepTimer(4, (step) => Math.min(step, 2) + 4 * Math.max(0, step - 2));
  expect(timer.progress(0)).toMatchObject({ step: 0, steps: 4, secondsPerStep: null, etaSeconds: null });
  vi.advanceTimersByTime(1000);
  expect(timer.progress(1)).toMatchObject({ secondsPerStep: 1, etaSeconds: 9 });
  vi.advanceTimersByTime(1000);
  expect(timer.progress(2)).toMatchObject({ secondsPerStep: 1, etaSeconds: 8 });
  vi.advanceTimersByTime(4000);
  expect(timer.progress(3)).toMatchObject({ secondsPerStep: 4, etaSeconds: 4 });
});

test("time in a pause is not part of a step", () => {
  const timer = new StepTimer(3);
  timer.progress(0);
  vi.advanceTimersByTime(1000);
  timer.progress(1);
  vi.advanceTimersByTime(60_000);
  timer.pause();
  timer.progress(1);
  vi.advanceTimersByTime(1000);
  expect(timer.progress(2)).toMatchObject({ secondsPerStep: 1, etaSeconds: 1 });
});
