/** @file The settings of Train: A1111's fields, names and defaults (kwargs of `train_embedding` in camel case), and Lexeme's own: a training seed, preview settings, a file format. */
import { z } from "zod";
import { CHECKPOINT_TEXT, PATH_TEXT, SCHEDULE_TEXT } from "./bounded-text.ts";
import { setting } from "./setting.ts";
import { promptField } from "./prompt-field.ts";
import { ExistingEmbeddingNameSchema } from "./create-embedding-settings.ts";
import { keptFileFormatField } from "./file-format-field.ts";
import { cfgScaleField, stepsField } from "./guidance-fields.ts";
import { clipSkipField } from "./prompt-reading-fields.ts";
import { sizeField } from "./size-field.ts";
import { AUTOMATIC_SCHEDULE, DEFAULT_SAMPLER, SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { RANDOM_SEED, SeedSchema } from "./seed-field.ts";
import { vaeField } from "./vae-field.ts";

export const TrainSettingsSchema = z.object({
  embeddingName: setting(ExistingEmbeddingNameSchema, { title: "Embedding" }),
  /** In A1111's grammar; `parseLearningRateSchedule` parses it, and its error names the wrong character. */
  learnRate: setting(
    SCHEDULE_TEXT.min(1, "Give a learning rate, such as 0.005 or 5e-2:100, 5e-3:500").default("0.005"),
    {
      title: "Embedding learning rate",
    },
  ),
  clipGradMode: setting(z.enum(["disabled", "value", "norm"]).default("disabled"), { title: "Gradient clipping" }),
  clipGradValue: setting(SCHEDULE_TEXT.default("0.1"), { title: "Clipping value" }),
  batchSize: setting(z.number().int().min(1).max(64).default(1), { title: "Batch size" }),
  gradientStep: setting(z.number().int().min(1).max(1024).default(1), { title: "Gradient accumulation steps" }),
  dataRoot: setting(PATH_TEXT.min(1, "Choose the dataset directory"), { title: "Dataset directory" }),
  templateFilename: setting(PATH_TEXT.min(1).default("style_filewords.txt"), { title: "Prompt template" }),
  trainingWidth: sizeField("Width"),
  trainingHeight: sizeField("Height"),
  steps: setting(z.number().int().min(1).max(1_000_000).default(100_000), { title: "Max steps" }),
  createImageEvery: setting(z.number().int().min(0).default(500), {
    title: "Save an image to log directory every N steps, 0 to disable",
  }),
  saveEmbeddingEvery: setting(z.number().int().min(0).default(500), {
    title: "Save a copy of embedding to log directory every N steps, 0 to disable",
  }),
  saveImageWithStoredEmbedding: setting(z.boolean().default(true), {
    title: "Save images with embedding in PNG chunks",
    description: "Saves a captioned picture beside each preview; it holds the copy, so that you can share it",
  }),
  shuffleTags: setting(z.boolean().default(false), { title: "Shuffle tags by ',' when creating prompts" }),
  tagDropOut: setting(z.number().min(0).max(1).default(0), { title: "Drop out tags when creating prompts" }),
  latentSamplingMethod: setting(z.enum(["once", "deterministic", "random"]).default("once"), {
    title: "Latent sampling method",
  }),
  /** Noise, time steps, the order of the pictures and template lines all come from this seed, never from a preview's. */
  seed: setting(SeedSchema.default(RANDOM_SEED), { title: "Training seed" }),
  /** Empty takes the first prompt of the current batch, as A1111 does. */
  previewPrompt: promptField("Preview prompt"),
  previewNegativePrompt: promptField("Preview negative prompt"),
  previewSteps: stepsField({ title: "Preview sampling steps" }),
  previewSamplerName: setting(z.enum(SAMPLER_NAMES).default(DEFAULT_SAMPLER), { title: "Preview sampling method" }),
  previewScheduler: setting(z.enum(SCHEDULE_TYPES).default(AUTOMATIC_SCHEDULE), { title: "Preview schedule type" }),
  previewCfgScale: cfgScaleField({ title: "Preview CFG Scale" }),
  previewSeed: setting(SeedSchema.default("1"), { title: "Preview seed", a1111Default: RANDOM_SEED }),
  fileFormat: keptFileFormatField,
  /** The path of a copy to continue from, at the copy's own step. Null continues from the embedding itself. */
  resumeFrom: PATH_TEXT.nullable().default(null),
  /** A1111 trains with the layer of its option; here the layer is part of the run, so that a continued run keeps it. */
  clipSkip: clipSkipField(
    "Layer of the text encoder that training uses: choose the layer that you will draw pictures with",
  ),
  vae: vaeField,
  checkpoint: CHECKPOINT_TEXT,
});

export type TrainSettings = z.infer<typeof TrainSettingsSchema>;
