/** @file The line that says what a training will do. */
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { expect, it } from "vitest";
import { type TrainingForecast, trainingLine } from "./training-forecast.ts";

const FORECAST: TrainingForecast = {
  settings: TrainSettingsSchema.parse({
    embeddingName: "mira",
    dataRoot: "/photos",
    steps: 2000,
    createImageEvery: 100,
    saveEmbeddingEvery: 500,
  }),
  from: 0,
  scheduleEnd: Infinity,
  secondsFor: (steps) => steps * 0.1,
  memory: "1.2 of 20 GB",
  waitsFor: [],
  replacedStep: null,
  embeddingFile: "mira.pt",
};

it("says steps, time and files", () => {
  expect(trainingLine(FORECAST)).toBe(
    "2,000 steps · about 3 min · 1.2 of 20 GB · 21 previews and 4 copies · updates mira.pt, overwrites nothing else",
  );
});

it("ends where the schedule ends", () => {
  expect(trainingLine({ ...FORECAST, scheduleEnd: 1500 })).toMatch(
    /^1,500 steps · the schedule ends before Max steps · about 3 min · 1\.2 of 20 GB · 16 previews and 3 copies/,
  );
});

it("counts only the steps left after a copy", () => {
  expect(trainingLine({ ...FORECAST, from: 1500, secondsFor: () => null })).toMatch(
    /^Steps 1,501 to 2,000 · 1\.2 of 20 GB · 5 previews and 1 copy/,
  );
  expect(trainingLine({ ...FORECAST, from: 1500, replacedStep: 1900 })).toMatch(
    /updates mira\.pt, overwrites nothing else · its step 1,900 stays as a copy$/,
  );
});
