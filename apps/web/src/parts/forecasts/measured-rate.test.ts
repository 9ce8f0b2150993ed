/** @file Forecasts come from measured jobs, and only from comparable ones. */
import { TrainSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { XyzPlotSettingsSchema } from "@lexeme/domain/plot";
import type { Job } from "@lexeme/protocol";
import { testJob } from "@lexeme/protocol/testing";
import { expect, it } from "vitest";
import { drawingSeconds, trainingSeconds } from "./measured-rate.ts";

/** The end of each job, after ten seconds. */
const DONE = { state: "done", finishedAt: 10_000 } as const;
const TRAIN = TrainSettingsSchema.parse({
  embeddingName: "mira",
  dataRoot: "/d",
  trainingWidth: 128,
  trainingHeight: 128,
});

function trained(secondsPerStep: number, change: object = {}): Job {
  return testJob(
    { kind: "train-embedding", settings: { ...TRAIN, ...change } },
    { ...DONE, progress: { phase: "training", step: 1, steps: 1, secondsPerStep, etaSeconds: null } },
  );
}

function drawn(change: object, pictures: number): Job {
  const artifacts = Array.from({ length: pictures }, (_, i) => ({ kind: "image" as const, path: String(i) }));
  return testJob(
    { kind: "txt2img", settings: { width: 128, height: 128, ...change } },
    { ...DONE, results: { artifacts, warnings: [] } },
  );
}

it("gives no forecast before a job was measured", () => {
  expect(trainingSeconds([], TRAIN, 100)).toBeNull();
  expect(drawingSeconds([trained(1)], Txt2imgSettingsSchema.parse({}))).toBeNull();
});

it("scales a training's rate with batch and accumulation", () => {
  expect(trainingSeconds([trained(0.1)], TRAIN, 1000)).toBeCloseTo(100);
  expect(trainingSeconds([trained(0.1)], { ...TRAIN, batchSize: 2, gradientStep: 2 }, 1000)).toBeCloseTo(400);
});

it("takes no rate from another checkpoint or a very different size", () => {
  expect(trainingSeconds([trained(9, { checkpoint: "other" })], { ...TRAIN, checkpoint: "this" }, 10)).toBeNull();
  expect(trainingSeconds([trained(9, { trainingWidth: 512, trainingHeight: 512 })], TRAIN, 10)).toBeNull();
});

it("is not misled by the one job that loaded the checkpoint", () => {
  expect(trainingSeconds([trained(0.1), trained(0.1), trained(5)], TRAIN, 10)).toBeCloseTo(1);
});

it("counts pictures and steps of a drawing, and leaves out jobs that were stopped early", () => {
  const asked = Txt2imgSettingsSchema.parse({ width: 128, height: 128, nIter: 4 });
  expect(drawingSeconds([drawn({ nIter: 2 }, 2)], asked)).toBeCloseTo(20);
  expect(drawingSeconds([drawn({ nIter: 2 }, 1)], asked)).toBeNull();
});

it("learns from plots and forecasts them, and one picture forecasts many of its size", () => {
  const settings = { width: 128, height: 128, xType: "Steps", xValues: "10, 30", yType: "Seed", yValues: "1-3" };
  const plot = XyzPlotSettingsSchema.parse(settings);
  const asked = Txt2imgSettingsSchema.parse({ width: 128, height: 128, steps: 20, nIter: 60 });
  const done = (artifacts: Job["results"]["artifacts"], some: object = {}): Job =>
    testJob({ kind: "xyz-plot", settings: { ...plot, ...some } }, { ...DONE, results: { artifacts, warnings: [] } });
  const { artifacts } = drawn({}, 6).results;
  expect(drawingSeconds([done(artifacts)], asked)).toBeCloseTo(100);
  expect(drawingSeconds([done(artifacts.slice(1))], asked)).toBeNull();
  expect(drawingSeconds([done(artifacts, { zType: "Checkpoint name", zValues: "a" })], asked)).toBeNull();
  expect(drawingSeconds([drawn({}, 1)], asked)).toBeCloseTo(600);
});

it("learns from a batch and a plot that a list has shortened, unless the plot's values are cut", () => {
  const asked = Txt2imgSettingsSchema.parse({ width: 128, height: 128, nIter: 4 });
  const shortened = (job: Job, imageCount: number): Job => ({ ...job, isShortened: true, imageCount });
  expect(drawingSeconds([shortened(drawn({ nIter: 30, batchSize: 8 }, 40), 240)], asked)).toBeCloseTo(10 / 60);
  expect(drawingSeconds([shortened(drawn({ nIter: 30, batchSize: 8 }, 40), 100)], asked)).toBeNull();
  const plot = (xValues: string): Job => {
    const settings = { width: 128, height: 128, xType: "Seed", xValues } as const;
    return shortened({ ...testJob({ kind: "xyz-plot", settings }, DONE) }, 100);
  };
  expect(drawingSeconds([plot("1-100")], asked)).toBeCloseTo(0.4);
  expect(drawingSeconds([plot("1-100, 1…")], asked)).toBeNull();
});
