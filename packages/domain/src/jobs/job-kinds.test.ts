/** @file The traits of kinds of jobs. */
import { expect, test } from "vitest";
import {
  JOB_KINDS,
  JobRequestSchema,
  atCheckpoint,
  batchesOf,
  embeddingReplaced,
  jobTitle,
  resumedFrom,
} from "./job-kinds.ts";

const parse = JobRequestSchema.parse.bind(JobRequestSchema);
const training = parse({ kind: "train-embedding", settings: { embeddingName: "mira", dataRoot: "/photos" } });
const preprocess = parse({ kind: "preprocess", settings: { processSrc: "C:\\photos\\mira\\", processDst: "/out" } });
const drawing = parse({ kind: "txt2img", settings: { prompt: " a cat\n and  a dog " } });

test.each([
  [training, 'Train "mira"'],
  [drawing, "a cat and a dog"],
  [parse({ kind: "txt2img", settings: {} }), "Picture without a prompt"],
  [parse({ kind: "xyz-plot", settings: { prompt: "a".repeat(80) } }), `Plot: ${"a".repeat(59)}…`],
  [preprocess, 'Preprocess "mira"'],
  [parse({ kind: "notebook", settings: { embeddingName: "mira" } }), 'Notebook of "mira"'],
])("a job has a short title: %#", (request, title) => {
  expect(jobTitle(request)).toBe(title);
});

test("a kind that saves on the way continues from its saved work, any other kind starts again", () => {
  const copy = { kind: "copy", path: "/runs/mira-100.pt", step: 100 } as const;
  expect(resumedFrom(training, copy)).toMatchObject({ settings: { resumeFrom: copy.path } });
  // The embedding's own file needs no path: training continues from its step.
  expect(resumedFrom(training, { ...copy, kind: "embedding" })).toMatchObject({ settings: { resumeFrom: null } });
  expect(resumedFrom(drawing, copy)).toEqual(drawing);
});

test("a checkpoint is set if the kind has one, and only a training replaces an embedding", () => {
  expect(atCheckpoint(drawing, "one.safetensors").settings).toMatchObject({ checkpoint: "one.safetensors" });
  expect(atCheckpoint(preprocess, "one.safetensors")).toEqual(preprocess);
  expect([training, drawing, preprocess].map(embeddingReplaced)).toEqual(["mira", null, null]);
});

test("a drawing has batches, every other kind only steps; each has A1111's name or its own", () => {
  const batched = parse({ kind: "txt2img", settings: { nIter: 3, batchSize: 2, steps: 10 } });
  expect([batched, training, preprocess].map(batchesOf)).toEqual([{ count: 3, size: 2, steps: 10 }, null, null]);
  expect(Object.values(JOB_KINDS).map(({ a1111Job }) => a1111Job)).toEqual([
    "train-embedding",
    "scripts_txt2img",
    "xyz-plot",
    "preprocess",
    "notebook",
  ]);
});

test("a request has the settings of its kind", () => {
  expect(JobRequestSchema.safeParse({ kind: "preprocess", settings: drawing.settings }).success).toBe(false);
  expect(JobRequestSchema.safeParse({ kind: "painting", settings: {} }).success).toBe(false);
  expect(Object.keys(JOB_KINDS)).toEqual(JobRequestSchema.options.map(({ shape }) => shape.kind.value));
});
