/** @file txt2img: A1111's fields, names and UI defaults. */
import { z } from "zod";
import { promptField } from "./prompt-field.ts";
import { HIRES_FIELDS } from "./hires-fields.ts";
import { AUTOMATIC_SCHEDULE, DEFAULT_SAMPLER, SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { RANDOM_SEED, SeedSchema } from "./seed-field.ts";
import { sizeField } from "./size-field.ts";
import { vaeField } from "./vae-field.ts";

/** Where noise comes from. "GPU", A1111's default, is an NVIDIA card there; "NV" computes that one's noise anywhere, and so does "GPU" here. */
export const RANDOM_SOURCES = ["GPU", "CPU", "NV"] as const;

/** How weights in prompts act, as A1111's setting `emphasis` names it. */
export const EMPHASIS_MODES = ["Original", "No norm", "Ignore", "None"] as const;
export type EmphasisMode = (typeof EMPHASIS_MODES)[number];

export const Txt2imgSettingsSchema = z.object({
  prompt: promptField("Prompt"),
  negativePrompt: promptField("Negative prompt"),
  /** Names out of `styles.csv`, put to both prompts in this order before anything else reads them. */
  styles: z.array(z.string()).default([]),
  samplerName: z.enum(SAMPLER_NAMES).default(DEFAULT_SAMPLER).meta({ title: "Sampling method" }),
  scheduler: z.enum(SCHEDULE_TYPES).default(AUTOMATIC_SCHEDULE).meta({ title: "Schedule type" }),
  steps: z.number().int().min(1).max(150).default(20).meta({ title: "Sampling steps" }),
  width: sizeField("Width"),
  height: sizeField("Height"),
  nIter: z.number().int().min(1).max(100).default(1).meta({ title: "Batch count" }),
  batchSize: z.number().int().min(1).max(8).default(1).meta({ title: "Batch size" }),
  cfgScale: z.number().min(1).max(30).default(7).meta({ title: "CFG Scale" }),
  ...HIRES_FIELDS,
  seed: SeedSchema.default(RANDOM_SEED).meta({ title: "Seed" }),
  /** Mixed into the noise by `subseedStrength`; picture i of a job then has the same seed and subseed + i. */
  subseed: SeedSchema.default(RANDOM_SEED).meta({ title: "Variation seed" }),
  subseedStrength: z.number().min(0).max(1).default(0).meta({ title: "Variation strength" }),
  /** Size at which the seed's noise is drawn before it goes into the middle of the picture's; with either one 0 or -1 the picture's own. */
  seedResizeFromW: z.number().int().min(-1).max(2048).default(0).meta({ title: "Resize seed from width" }),
  seedResizeFromH: z.number().int().min(-1).max(2048).default(0).meta({ title: "Resize seed from height" }),
  /** Share of the noise that ancestral, SDE and DDIM samplers add; null is the sampler's own: 1, for DDIM 0. */
  eta: z.number().min(0).max(1).nullable().default(null).meta({ title: "Eta" }),
  sChurn: z.number().min(0).max(100).default(0).meta({ title: "Sigma churn" }),
  sTmin: z.number().min(0).max(10).default(0).meta({ title: "Sigma tmin" }),
  /** 0 is without limit. */
  sTmax: z.number().min(0).max(999).default(0).meta({ title: "Sigma tmax" }),
  sNoise: z.number().min(0).max(1.1).default(1).meta({ title: "Sigma noise" }),
  /** Below this sigma every other call of the model leaves the negative prompt out. */
  sMinUncond: z.number().min(0).max(15).default(0).meta({ title: "Negative guidance minimum sigma" }),
  /** Ends and steepness of the schedule; 0 is the model's own and the schedule's own. */
  sigmaMin: z.number().min(0).max(2).default(0).meta({ title: "Schedule min sigma" }),
  sigmaMax: z.number().min(0).max(60).default(0).meta({ title: "Schedule max sigma" }),
  rho: z.number().min(0).max(10).default(0).meta({ title: "Schedule rho" }),
  sgmNoiseMultiplier: z.boolean().default(false).meta({ title: "SGM noise multiplier" }),
  /** Added to the seed, beyond 64 bits without a carry. */
  etaNoiseSeedDelta: SeedSchema.default("0").meta({ title: "Eta noise seed delta" }),
  // A1111 starts with "GPU", whose noise needs its graphics card; "CPU" is the same everywhere. An infotext without RNG means "GPU".
  randnSource: z.enum(RANDOM_SOURCES).default("CPU").meta({ title: "Random number generator source" }),
  clipSkip: z.number().int().min(1).max(12).default(1).meta({ title: "Clip skip" }),
  emphasis: z.enum(EMPHASIS_MODES).default("Original").meta({ title: "Emphasis mode" }),
  commaPaddingBacktrack: z.number().int().min(0).max(74).default(20).meta({ title: "Prompt word wrap length limit" }),
  vae: vaeField,
  /** Name from the checkpoint list; null is the one chosen now. */
  checkpoint: z.string().nullable().default(null),
});

export type Txt2imgSettings = z.infer<typeof Txt2imgSettingsSchema>;
