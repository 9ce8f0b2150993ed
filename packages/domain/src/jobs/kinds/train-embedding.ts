/** @file The kind of job that trains an embedding. */
import type { Options } from "../../options/options.ts";
import { TrainSettingsSchema } from "../../settings/train-settings.ts";
import { defineJob } from "../define-job.ts";
import type { CheckpointRef } from "../model-refs.ts";

/** Paths are absolute. */
export interface TrainingContext {
  /** The job's id, by which its run is found. */
  jobId: string;
  checkpoint: CheckpointRef;
  embeddingsDir: string;
  templatesDir: string;
  /** The folder of all runs. */
  logDir: string;
  /** A1111's options as they were when the job began. */
  options: Options;
  /** Lexeme's folder for caches. */
  cacheDir: string;
  /** The program's version, for infotext and files. */
  version: string;
}

export const trainEmbedding = defineJob<TrainingContext>()({
  kind: "train-embedding",
  settings: TrainSettingsSchema,
  lane: "device",
  list: "embeddings",
  title: ({ embeddingName }) => `Train "${embeddingName}"`,
  embeddingReplaced: ({ embeddingName }) => embeddingName,
  pauses: true,
  resumption: {
    interrupted: (step) =>
      step === 0
        ? "Lexeme was stopped in the middle of this training, before anything was saved: trying again begins where this training began"
        : `Lexeme was stopped in the middle of this training: step ${step.toLocaleString("en")} is saved, and trying again continues from it`,
    list: "runs",
    saves: ["copy", "embedding"],
    // The embedding itself needs no path: training continues from its own step number.
    from: (settings, { kind, path }) => ({ ...settings, resumeFrom: kind === "embedding" ? null : path }),
  },
});
