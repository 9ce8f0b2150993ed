/** @file txt2img: A1111's fields, names and UI defaults. */
import { z } from "zod";
import { sizeField } from "./size-field.ts";
import { vaeField } from "./vae-field.ts";

/** Samplers as A1111 shows them; the schedulers package implements each and a test there holds the two lists together. */
export const SAMPLER_NAMES = ["DPM++ 2M", "Euler a", "Euler", "DDIM"] as const;
export const SCHEDULE_TYPES = ["Automatic", "Uniform", "Karras"] as const;

/** Seeds fit 32 bits less A1111's two reserved values; -1 asks for a random one. */
export const SEED_MAX = 4294967293;

export const Txt2imgSettingsSchema = z.object({
  prompt: z.string().default("").meta({ title: "Prompt" }),
  negativePrompt: z.string().default("").meta({ title: "Negative prompt" }),
  samplerName: z.enum(SAMPLER_NAMES).default("DPM++ 2M").meta({ title: "Sampling method" }),
  scheduler: z.enum(SCHEDULE_TYPES).default("Automatic").meta({ title: "Schedule type" }),
  steps: z.number().int().min(1).max(150).default(20).meta({ title: "Sampling steps" }),
  width: sizeField("Width"),
  height: sizeField("Height"),
  nIter: z.number().int().min(1).max(100).default(1).meta({ title: "Batch count" }),
  batchSize: z.number().int().min(1).max(8).default(1).meta({ title: "Batch size" }),
  cfgScale: z.number().min(1).max(30).default(7).meta({ title: "CFG Scale" }),
  seed: z.number().int().min(-1).max(SEED_MAX).default(-1).meta({ title: "Seed" }),
  clipSkip: z.number().int().min(1).max(12).default(1).meta({ title: "Clip skip" }),
  vae: vaeField,
  /** Name from the checkpoint list; null is the one chosen now. */
  checkpoint: z.string().nullable().default(null),
});

export type Txt2imgSettings = z.infer<typeof Txt2imgSettingsSchema>;
