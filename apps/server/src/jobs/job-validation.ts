/** @file What a job needs is checked before it is queued: every fault is an error that names the form's field. */
import { LexemeError, withField } from "@lexeme/core";
import { realpath } from "node:fs/promises";
import { applyStyles } from "@lexeme/domain/styles";
import { parseLearningRateSchedule } from "@lexeme/domain/rates";
import { planXyzPlot, plotAsDrawing } from "@lexeme/domain/plot";
import { trainingMemoryProblem, txt2imgMemoryProblem } from "@lexeme/domain/memory";
import type { JobRequest } from "@lexeme/domain/jobs";
import { parsePromptWeights, preparePrompt } from "@lexeme/tokenizer";

import type { CheckpointLibrary } from "../library/checkpoints.ts";
import type { DatasetLibrary } from "../library/datasets.ts";
import type { EmbeddingLibrary } from "../library/embeddings.ts";
import type { RunLibrary } from "../library/runs.ts";
import type { Roots } from "../library/roots.ts";
import type { SettingsFile } from "../library/settings-file.ts";
import type { StyleLibrary } from "../library/styles.ts";
import type { UpscalerLibrary } from "../library/upscalers.ts";
import type { TemplateLibrary } from "../library/templates.ts";
import type { VaeLibrary } from "../library/vaes.ts";
import { requireMemory } from "./job-memory.ts";
import { validateXyzPlot } from "./xyz-plot-parts.ts";

interface Libraries {
  checkpoints: CheckpointLibrary;
  vaes: VaeLibrary;
  upscalers: UpscalerLibrary;
  embeddings: EmbeddingLibrary;
  runs: RunLibrary;
  datasets: DatasetLibrary;
  templates: TemplateLibrary;
  roots: Roots;
  settings: Pick<SettingsFile, "options">;
  styles: StyleLibrary;
  /** What jobs may hold. */
  memoryBytes: number;
}
type SettingsOf<K extends JobRequest["kind"]> = Extract<JobRequest, { kind: K }>["settings"];

/** Throws a LexemeError with `details.field`; resolves with the name of the checkpoint to use, null where none is needed. */
export async function validateJob(request: JobRequest, libraries: Libraries): Promise<string | null> {
  switch (request.kind) {
    case "train-embedding":
      return validateTraining(request.settings, libraries);
    case "txt2img":
      return validateTxt2img(request.settings, libraries);
    case "xyz-plot": {
      const { enable_prompt_comments: comments } = libraries.settings.options;
      // A plot has one picture at a time, whatever the batch, and a grid of them all.
      const { nIter, batchSize, cfgScale } = plotAsDrawing(request.settings, planXyzPlot(request.settings));
      const checkpoint = await validateTxt2img({ ...request.settings, nIter, batchSize, cfgScale }, libraries);
      await validateXyzPlot(request.settings, libraries, { comments });
      return checkpoint;
    }
    case "notebook":
      return validateNotebook(request.settings, libraries);
    case "preprocess":
      return validatePreprocess(request.settings, libraries);
  }
}

async function validateTraining(settings: SettingsOf<"train-embedding">, libraries: Libraries): Promise<string> {
  const { checkpoints, vaes, embeddings, datasets, templates, roots } = libraries;
  const { enable_prompt_comments: comments } = libraries.settings.options;
  const checkpoint = await checkpoints.require(settings.checkpoint);
  await vaes.ref(settings.vae, checkpoint);
  const embedding = await embeddings.requireFitting(
    { name: settings.embeddingName, field: "embeddingName" },
    checkpoint,
  );
  let { step } = embedding;
  if (settings.resumeFrom !== null) {
    const copyPath = await roots.requireInside(settings.resumeFrom, { field: "resumeFrom" });
    const copy = await withField("resumeFrom", () => embeddings.inspectFile(copyPath));
    if (copy.width !== checkpoint.textWidth) {
      throw new LexemeError(
        "EMBEDDING_MISFIT",
        `The copy's vectors are ${copy.width} wide, and "${checkpoint.name}" expects ${checkpoint.textWidth}`,
        {
          details: { field: "resumeFrom" },
        },
      );
    }
    step = copy.step;
  }
  if (step !== null && step >= settings.steps) {
    throw new LexemeError(
      "EMBEDDING_MISFIT",
      `"${settings.embeddingName}" has been trained for ${step} steps already: set Max steps above that to go on, or create it anew`,
      { details: { field: "steps" } },
    );
  }
  const startStep = step ?? 0;
  withField("learnRate", () => void parseLearningRateSchedule(settings.learnRate, settings.steps, { startStep }));
  if (settings.clipGradMode !== "disabled") {
    withField(
      "clipGradValue",
      () => void parseLearningRateSchedule(settings.clipGradValue, settings.steps, { startStep }),
    );
  }
  await datasets.requirePictures(settings.dataRoot, "dataRoot");
  requireMemory(trainingMemoryProblem, settings, { checkpoint, memoryBytes: libraries.memoryBytes });
  await withField("templateFilename", () => templates.require(settings.templateFilename));
  checkPrompt(settings.previewPrompt, "previewPrompt", { comments });
  checkPrompt(settings.previewNegativePrompt, "previewNegativePrompt", { comments });
  return checkpoint.name;
}

async function validateTxt2img(settings: SettingsOf<"txt2img">, libraries: Libraries): Promise<string> {
  const { checkpoints, vaes } = libraries;
  const { enable_prompt_comments: comments } = libraries.settings.options;
  const checkpoint = await checkpoints.require(settings.checkpoint);
  await vaes.ref(settings.vae, checkpoint);
  const { prompt, negativePrompt } = applyStyles(settings, await libraries.styles.require(settings.styles));
  if (settings.emphasis !== "None") {
    checkPrompt(prompt, "prompt", { comments });
    checkPrompt(negativePrompt, "negativePrompt", { comments });
  }
  if (settings.enableHr) await checkHires(settings, { comments, upscalers: libraries.upscalers });
  requireMemory(txt2imgMemoryProblem, settings, { checkpoint, memoryBytes: libraries.memoryBytes });
  return checkpoint.name;
}

async function checkHires(
  settings: SettingsOf<"txt2img">,
  { upscalers, ...options }: { comments: boolean; upscalers: UpscalerLibrary },
): Promise<void> {
  await upscalers.require(settings.hrUpscaler);
  if (settings.emphasis === "None") return;
  checkPrompt(settings.hrPrompt, "hrPrompt", options);
  checkPrompt(settings.hrNegativePrompt, "hrNegativePrompt", options);
}

async function validateNotebook(settings: SettingsOf<"notebook">, libraries: Libraries): Promise<string> {
  const { embeddingName: name, path } = settings;
  const checkpoint = await libraries.checkpoints.require(settings.checkpoint);
  await libraries.embeddings.requireFitting({ name, path, field: "embeddingName" }, checkpoint);
  return checkpoint.name;
}

async function validatePreprocess(settings: SettingsOf<"preprocess">, { datasets, roots }: Libraries): Promise<null> {
  const { processSrc, processDst } = settings;
  await datasets.requirePictures(processSrc, "processSrc");
  const destination = await roots.requireInsideEvenIfMissing(processDst, { write: true, field: "processDst" });
  const [realSource, realDestination] = await Promise.all([
    realpath(processSrc),
    realpath(destination).catch(() => destination),
  ]);
  if (realSource === realDestination) {
    throw new LexemeError(
      "DESTINATION_IS_SOURCE",
      "The destination is the source itself, whose pictures would be overwritten: choose another folder",
      {
        details: { field: "processDst" },
      },
    );
  }
  return null;
}

const ROLE_OF_PROMPT = {
  prompt: "positive",
  negativePrompt: "negative",
  hrPrompt: "positive",
  hrNegativePrompt: "negative",
  previewPrompt: "positive",
  previewNegativePrompt: "negative",
} as const;

/** Every text that the prompt is at some step: A1111 fails at a weight only if it comes to that. */
function checkPrompt(prompt: string, field: keyof typeof ROLE_OF_PROMPT, { comments }: { comments: boolean }): void {
  const role = ROLE_OF_PROMPT[field];
  withField(field, () => {
    const { parts } = preparePrompt(prompt, { role, steps: CHECKED_STEPS, comments });
    const texts = new Set(parts.flatMap(({ segments }) => segments.map(({ text }) => text)));
    for (const text of texts) parsePromptWeights(text);
  });
}

/** The most steps a schedule is made for: 150, twice for samplers of second order. */
const CHECKED_STEPS = 300;
