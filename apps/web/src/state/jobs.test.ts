/** @file The jobs store: snapshots start over, live values end with their job, points stay in order. */
import type { MetricPoint } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { beforeEach, expect, test } from "vitest";
import { applyEvents, applyJob, applySnapshot, applyWholeJob, jobsStore, mergeMetrics } from "./jobs.ts";

const job = (change: Partial<Job> = {}): Job =>
  testJob(
    { kind: "preprocess", settings: { processSrc: "/photos", processDst: "/prepared" } },
    { id: "a", logTail: ["begun"], ...change },
  );
const progress = { phase: "preprocessing" as const, step: 3, steps: 14, secondsPerStep: null, etaSeconds: null };
const points = (...steps: number[]): MetricPoint[] =>
  steps.map((step) => ({ step, loss: step / 100, learnRate: 0.005 }));
const stepsOf = (id: string): number[] | undefined => jobsStore.getState().metrics[id]?.map(({ step }) => step);

beforeEach(() => applySnapshot([job()]));

test("progress leaves the job's object as it is, so that only components that show progress are drawn again", () => {
  const before = jobsStore.getState().jobs["a"];
  applyEvents([{ type: "progress", jobId: "a", progress }]);
  expect(jobsStore.getState().jobs["a"]).toBe(before);
  expect(jobsStore.getState().progress["a"]).toEqual(progress);
});

test("a finished job loses its live progress and picture, and keeps its log", () => {
  applyEvents([
    { type: "progress", jobId: "a", progress },
    { type: "preview", jobId: "a", dataUrl: "data:,", step: 1, steps: 2 },
    { type: "log", jobId: "a", lines: ["more"] },
    { type: "job", job: job({ state: "done" }) },
  ]);
  const state = jobsStore.getState();
  expect(state.progress).toEqual({});
  expect(state.previews).toEqual({});
  expect(state.logs["a"]).toEqual(["begun", "more"]);
});

test("an artifact is added once, though the row that follows names it too", () => {
  const artifact = { kind: "image" as const, path: "/one.png" };
  applyEvents([
    { type: "artifact", jobId: "a", artifact },
    { type: "artifact", jobId: "a", artifact },
  ]);
  expect(jobsStore.getState().jobs["a"]?.results.artifacts).toEqual([artifact]);
});

test("fetched points go before points that came meanwhile", () => {
  applyEvents([{ type: "metrics", jobId: "a", points: points(4, 5) }]);
  mergeMetrics("a", points(1, 2, 3, 4));
  expect(stepsOf("a")).toEqual([1, 2, 3, 4, 5]);
});

test("a training that goes on from a copy replaces the steps that it repeats", () => {
  applyEvents([
    { type: "metrics", jobId: "a", points: points(1, 2, 3, 4) },
    { type: "metrics", jobId: "a", points: points(3, 4, 5) },
  ]);
  expect(stepsOf("a")).toEqual([1, 2, 3, 4, 5]);
});

test("an answer that comes after the socket reported the job does not set it back", () => {
  applyEvents([{ type: "job", job: job({ id: "new", state: "running" }) }]);
  applyJob(job({ id: "new", state: "queued" }));
  expect(jobsStore.getState().jobs["new"]?.state).toBe("running");
  applyJob(job({ id: "newer", state: "queued" }));
  expect(jobsStore.getState().jobs["newer"]?.state).toBe("queued");
});

test("a job that a list has shortened is replaced by the whole one, and events that came meanwhile are kept", () => {
  const artifact = (path: string) => ({ kind: "image" as const, path });
  const whole = job({
    logTail: ["first", "begun", "later"],
    results: { artifacts: [artifact("1"), artifact("2")], warnings: [] },
  });
  const shortened = job({ isShortened: true, results: { artifacts: [artifact("2")], warnings: [] } });
  applySnapshot([shortened]);
  applyEvents([
    { type: "artifact", jobId: "a", artifact: artifact("3") },
    { type: "log", jobId: "a", lines: ["later", "last"] },
  ]);
  applyWholeJob(whole);
  const { jobs, logs } = jobsStore.getState();
  expect(jobs["a"]?.isShortened).toBeUndefined();
  expect(jobs["a"]?.results.artifacts.map(({ path }) => path)).toEqual(["1", "2", "3"]);
  expect(logs["a"]).toEqual(["first", "begun", "later", "last"]);
});

test("a whole job that comes after the socket reported a newer one does not set it back, nor bring back a removed job", () => {
  applySnapshot([job({ isShortened: true })]);
  applyEvents([{ type: "job", job: job({ state: "done" }) }]);
  applyWholeJob(job({ state: "running" }));
  expect(jobsStore.getState().jobs["a"]?.state).toBe("done");
  applyEvents([{ type: "job-removed", jobId: "a" }]);
  applyWholeJob(job());
  expect(jobsStore.getState().jobs).toEqual({});
});

test("a snapshot forgets jobs that are gone, and counts a generation", () => {
  const { generation } = jobsStore.getState();
  applySnapshot([job({ id: "b" })]);
  expect(Object.keys(jobsStore.getState().jobs)).toEqual(["b"]);
  expect(jobsStore.getState().generation).toBe(generation + 1);
});

test("a removed job leaves nothing behind", () => {
  applyEvents([
    { type: "progress", jobId: "a", progress },
    { type: "metrics", jobId: "a", points: points(1) },
    { type: "job-removed", jobId: "a" },
  ]);
  const { jobs, progress: live, metrics, logs } = jobsStore.getState();
  expect([jobs, live, metrics, logs]).toEqual([{}, {}, {}, {}]);
});

test("a waiting job that the snapshot leaves out is counted until it is listed", () => {
  applySnapshot([job({ state: "queued" })], 2);
  applyEvents([{ type: "job", job: job({ id: "new", state: "queued" }) }]);
  expect(jobsStore.getState().unlisted).toBe(2);
  applyEvents([{ type: "job", job: job({ id: "left out", state: "running" }) }]);
  applyEvents([{ type: "job", job: job({ id: "left out", state: "done" }) }]);
  expect(jobsStore.getState().unlisted).toBe(1);
});

test("a page that stays open for days keeps a bounded number of points and charts, with the newest of each", () => {
  const many = Array.from({ length: 40_000 }, (_, i) => i + 1);
  mergeMetrics("a", points(...many));
  applyEvents([{ type: "metrics", jobId: "a", points: points(40_001) }]);
  const steps = stepsOf("a")!;
  expect(steps.length).toBeLessThanOrEqual(20_000);
  expect([steps[0], steps.at(-1)]).toEqual([1, 40_001]);
  for (let i = 0; i < 20; i++) mergeMetrics(`other-${i}`, points(1));
  expect(Object.keys(jobsStore.getState().metrics)).toEqual(Array.from({ length: 8 }, (_, i) => `other-${i + 12}`));
});
