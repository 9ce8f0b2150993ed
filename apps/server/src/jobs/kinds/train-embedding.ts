/** @file The server's part of a training: its check and its context. */
import { withField } from "@lexeme/core";
import { inStepOrder, readLossLog } from "@lexeme/data-folder";
import type { SettingsOf } from "@lexeme/domain/jobs";
import { requireStepsLeft } from "@lexeme/domain/settings";
import { trainingMemoryProblem } from "@lexeme/domain/memory";
import { parseLearningRateSchedule } from "@lexeme/domain/rates";
import { fillWithSamples } from "@lexeme/domain/templates";
import type { Checkpoint } from "@lexeme/protocol";
import { requireReadableLines } from "@lexeme/tokenizer";
import { PROGRAM_VERSION } from "../../version.ts";
import { requireMemory } from "../running/job-memory.ts";
import { checkPromptFields } from "./prompt-check.ts";
import { checkpointWithVae, type JobSources, type ServerJob } from "../server-job.ts";

type Settings = SettingsOf<"train-embedding">;

export const trainEmbeddingJob: ServerJob<"train-embedding"> = {
  async validate(settings, sources) {
    const { checkpoints, vaes, embeddings, datasets, templates, memoryBytes } = sources;
    const { enable_prompt_comments: comments } = sources.settings.options;
    const checkpoint = await checkpoints.require(settings.checkpoint);
    await vaes.ref(settings.vae, checkpoint);
    const { embeddingName: name, previewPrompt, previewNegativePrompt } = settings;
    const embedding = await embeddings.requireFitting({ name, field: "embeddingName" }, checkpoint);
    await embeddings.requireTrainable(embedding, settings.fileFormat);
    const step = settings.resumeFrom === null ? embedding.step : await stepOfCopy(settings, { checkpoint, sources });
    requireStepsLeft(settings, step ?? 0);
    checkSchedules(settings, step ?? 0);
    await datasets.requirePictures(settings.dataRoot, "dataRoot");
    requireMemory(trainingMemoryProblem, settings, { checkpoint, memoryBytes });
    await withField("templateFilename", async () => {
      const lines = await templates.require(settings.templateFilename);
      requireReadableLines(lines, fillWithSamples);
    });
    checkPromptFields({ previewPrompt, previewNegativePrompt }, { comments });
    return checkpoint.name;
  },
  async context({ settings, checkpoint, options, id }, sources) {
    const { folders } = sources;
    return {
      jobId: id,
      checkpoint: await checkpointWithVae(checkpoint, settings.vae, sources),
      embeddingsDir: folders.embeddings,
      templatesDir: folders.templates,
      logDir: folders.runs,
      options: { ...sources.settings.options, ...options },
      cacheDir: folders.cache,
      version: PROGRAM_VERSION,
    };
  },
  async reached({ settings, id }, { runs }) {
    const run = await runs.ofJob(settings.embeddingName, id);
    return run && inStepOrder(await readLossLog(run.path)).at(-1)?.step;
  },
  async saved({ settings, id }, { runs }) {
    const run = await runs.ofJob(settings.embeddingName, id);
    const copy = (await run?.copies())?.at(-1);
    return copy && { kind: "copy", ...copy };
  },
};

/** The number of trained steps of the copy that the settings continue from. */
async function stepOfCopy(
  { embeddingName, resumeFrom }: Settings,
  { checkpoint, sources: { roots, embeddings } }: { checkpoint: Checkpoint; sources: JobSources },
): Promise<number> {
  const copyPath = await roots.requireInside(resumeFrom ?? "", { field: "resumeFrom" });
  const copy = await withField("resumeFrom", () =>
    embeddings.inspectCopy({ name: embeddingName, path: copyPath }, checkpoint),
  );
  return copy.step;
}

function checkSchedules(settings: Settings, startStep: number): void {
  const fields = ["learnRate", ...(settings.clipGradMode === "disabled" ? [] : (["clipGradValue"] as const))] as const;
  for (const field of fields)
    withField(field, () => void parseLearningRateSchedule(settings[field], settings.steps, { startStep }));
}
