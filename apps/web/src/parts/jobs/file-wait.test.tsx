/** @file A job that waits on a file says so after a while, and no sooner. */
import type { JobProgress } from "@lexeme/domain/jobs";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useFileWait } from "./file-wait.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reading = (file: string): JobProgress => ({
  phase: "encoding-pictures",
  step: 3,
  steps: 14,
  secondsPerStep: null,
  etaSeconds: null,
  file,
});
const passes = (seconds: number) => act(async () => vi.advanceTimersByTimeAsync(seconds * 1000));

test("the file is named after half a minute without progress, with the time", async () => {
  const { result, rerender } = renderHook(useFileWait, { initialProps: reading("07.png") });
  expect(result.current).toBeNull();
  await passes(20);
  expect(result.current).toBeNull();
  await passes(100);
  expect(result.current).toBe("Waits for 07.png for 2 min");
  rerender(reading("08.png"));
  expect(result.current).toBeNull();
  await passes(40);
  expect(result.current).toBe("Waits for 08.png for 40 s");
});

test("a long step of a training is no wait for a file", async () => {
  const { file: _file, ...step } = reading("07.png");
  const { result } = renderHook(useFileWait, { initialProps: { ...step, phase: "training" as const } });
  await passes(600);
  expect(result.current).toBeNull();
});
