/** @file The line of numbers over a training. */
import type { JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { expect, test } from "vitest";
import { topLine } from "./training-header.tsx";

const JOB = { state: "running", startedAt: 0, finishedAt: null, stopping: false, attempt: 1 } as Job;
const progress = (change: Partial<JobProgress>): JobProgress => ({
  phase: "training",
  step: 13,
  steps: 14,
  secondsPerStep: null,
  etaSeconds: null,
  ...change,
});

test("the pictures that are prepared before the first step are not counted as steps", () => {
  const preparing = progress({ phase: "encoding-pictures" });
  expect(topLine(JOB, preparing)).toBe("Preparing pictures · 13 of 14 pictures");
  const failed = { ...JOB, state: "failed" as const };
  expect(topLine(failed, preparing)).toBe("Failed");
  expect(topLine(failed, progress({}))).toBe("Failed · 13 of 14 steps");
});
