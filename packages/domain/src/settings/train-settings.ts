/** @file Train: A1111's fields, names and defaults (kwargs of `train_embedding` in camel case), and what A1111 lacks: a seed and previews of their own. */
import { z } from "zod";
import { promptField } from "./prompt-field.ts";
import { ExistingEmbeddingNameSchema } from "./create-embedding-settings.ts";
import { sizeField } from "./size-field.ts";
import { AUTOMATIC_SCHEDULE, DEFAULT_SAMPLER, SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { RANDOM_SEED, SeedSchema } from "./seed-field.ts";
import { vaeField } from "./vae-field.ts";

export const TrainSettingsSchema = z.object({
  embeddingName: ExistingEmbeddingNameSchema.meta({ title: "Embedding" }),
  /** A1111's grammar, parsed by `parseLearningRateSchedule`, whose error names the character. */
  learnRate: z
    .string()
    .min(1, "Give a learning rate, such as 0.005 or 5e-2:100, 5e-3:500")
    .default("0.005")
    .meta({ title: "Embedding learning rate" }),
  clipGradMode: z.enum(["disabled", "value", "norm"]).default("disabled").meta({ title: "Gradient clipping" }),
  clipGradValue: z.string().default("0.1").meta({ title: "Clipping value" }),
  batchSize: z.number().int().min(1).max(64).default(1).meta({ title: "Batch size" }),
  gradientStep: z.number().int().min(1).max(1024).default(1).meta({ title: "Gradient accumulation steps" }),
  dataRoot: z.string().min(1, "Choose the dataset directory").meta({ title: "Dataset directory" }),
  templateFilename: z.string().min(1).default("style_filewords.txt").meta({ title: "Prompt template" }),
  trainingWidth: sizeField("Width"),
  trainingHeight: sizeField("Height"),
  steps: z.number().int().min(1).max(1_000_000).default(100_000).meta({ title: "Max steps" }),
  createImageEvery: z
    .number()
    .int()
    .min(0)
    .default(500)
    .meta({ title: "Save an image to log directory every N steps, 0 to disable" }),
  saveEmbeddingEvery: z
    .number()
    .int()
    .min(0)
    .default(500)
    .meta({ title: "Save a copy of embedding to log directory every N steps, 0 to disable" }),
  saveImageWithStoredEmbedding: z.boolean().default(true).meta({
    title: "Save images with embedding in PNG chunks",
    description: "A captioned picture beside each preview, by which the copy can be shared",
  }),
  shuffleTags: z.boolean().default(false).meta({ title: "Shuffle tags by ',' when creating prompts" }),
  tagDropOut: z.number().min(0).max(1).default(0).meta({ title: "Drop out tags when creating prompts" }),
  latentSamplingMethod: z
    .enum(["once", "deterministic", "random"])
    .default("once")
    .meta({ title: "Latent sampling method" }),
  /** Noise, time steps, picture order and template lines all come from this seed, never from a preview's. */
  seed: SeedSchema.default(RANDOM_SEED).meta({ title: "Training seed" }),
  /** Empty takes the first prompt of the current batch, as A1111 does. */
  previewPrompt: promptField("Preview prompt"),
  previewNegativePrompt: promptField("Preview negative prompt"),
  previewSteps: z.number().int().min(1).max(150).default(20).meta({ title: "Preview sampling steps" }),
  previewSamplerName: z.enum(SAMPLER_NAMES).default(DEFAULT_SAMPLER).meta({ title: "Preview sampling method" }),
  previewScheduler: z.enum(SCHEDULE_TYPES).default(AUTOMATIC_SCHEDULE).meta({ title: "Preview schedule type" }),
  previewCfgScale: z.number().min(1).max(30).default(7).meta({ title: "Preview CFG Scale" }),
  previewSeed: SeedSchema.default("1").meta({ title: "Preview seed" }),
  /** Format of the copies and of the finished embedding; null keeps the format that the embedding already has. */
  fileFormat: z.enum(["pt", "safetensors"]).nullable().default(null).meta({ title: "File format" }),
  /** Path of a copy to go on from; its own step number counts. Null goes on from the embedding itself. */
  resumeFrom: z.string().nullable().default(null),
  /** A1111 trains with the layer that its option says; here it is part of the run, so that going on goes on with it. */
  clipSkip: z.number().int().min(1).max(12).default(1).meta({
    title: "Clip skip",
    description: "Layer of the text encoder that the word is taught for: that which pictures will be drawn with",
  }),
  vae: vaeField,
  checkpoint: z.string().nullable().default(null),
});

export type TrainSettings = z.infer<typeof TrainSettingsSchema>;
