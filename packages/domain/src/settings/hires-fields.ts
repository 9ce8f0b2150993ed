/** @file The fields of hires fix, A1111's with its defaults: a second pass at a larger size. */
import { z } from "zod";
import { promptField } from "./prompt-field.ts";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { SIZE_MAX } from "./size-field.ts";

/** A1111's slider ends at four times the size. */
const SCALE_MAX = 4;
const RESIZE_MAX = SIZE_MAX * SCALE_MAX;

export const HIRES_FIELDS = {
  enableHr: z.boolean().default(false).meta({ title: "Hires. fix" }),
  /** A latent upscaler, a plain one, or a model of the user's. */
  hrUpscaler: z.string().min(1).default("Latent").meta({ title: "Upscaler" }),
  /** 0 for as many as the first pass has. */
  hrSecondPassSteps: z.number().int().min(0).max(150).default(0).meta({ title: "Hires steps" }),
  denoisingStrength: z.number().min(0).max(1).default(0.7).meta({ title: "Denoising strength" }),
  hrScale: z.number().min(1).max(SCALE_MAX).default(2).meta({ title: "Upscale by" }),
  /** In pixels, instead of the scale; with one of them 0 the picture keeps its proportions, with both given what sticks out is cut off. */
  hrResizeX: z.number().int().min(0).max(RESIZE_MAX).default(0).meta({ title: "Resize width to", unit: "px" }),
  hrResizeY: z.number().int().min(0).max(RESIZE_MAX).default(0).meta({ title: "Resize height to", unit: "px" }),
  /** Null for the first pass'. */
  hrSamplerName: z.enum(SAMPLER_NAMES).nullable().default(null).meta({ title: "Hires sampling method" }),
  hrScheduler: z.enum(SCHEDULE_TYPES).nullable().default(null).meta({ title: "Hires schedule type" }),
  /** Empty for the first pass'. */
  hrPrompt: promptField("Hires prompt"),
  hrNegativePrompt: promptField("Hires negative prompt"),
};

/** What all of them together are. */
export type HiresSettings = z.infer<z.ZodObject<typeof HIRES_FIELDS>>;
