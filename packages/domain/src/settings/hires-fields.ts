/** @file The fields of hires fix, a second pass at a larger size, with A1111's names and defaults. */
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { z } from "zod";
import { PATH_TEXT } from "./bounded-text.ts";
import { promptField } from "./prompt-field.ts";
import { setting } from "./setting.ts";
import { MOST_STEPS, SLIDER_STEPS } from "./guidance-fields.ts";
import { LARGEST_SIZE, SIZE_MAX } from "./size-field.ts";
import { DEFAULT_UPSCALER } from "./upscalers.ts";

/** A1111's slider ends at four times the size. */
const SCALE_MAX = 4;
const RESIZE_SLIDER = { max: SIZE_MAX * SCALE_MAX };
/** Programs may ask for more, up to the largest size. */
const LARGEST_SCALE = 16;

/** A1111's names for a choice of the second pass that is the first pass' own: in requests, in infotexts and on the page. */
export const SAME_AS_FIRST_PASS = {
  checkpoint: "Use same checkpoint",
  sampler: "Use same sampler",
  scheduler: "Use same scheduler",
} as const;

export const HIRES_FIELDS = {
  enableHr: setting(z.boolean().default(false), { title: "Hires. fix" }),
  /** The name of a latent upscaler, a pixel upscaler, or a model of the user's. Empty means the first latent upscaler, and the infotext then names none, as in A1111. */
  hrUpscaler: setting(PATH_TEXT.default(DEFAULT_UPSCALER), { title: "Upscaler", infotext: ["Hires upscaler"] }),
  /** 0 means as many steps as the first pass. */
  hrSecondPassSteps: setting(z.number().int().min(0).max(MOST_STEPS).default(0), {
    title: "Hires steps",
    infotext: ["Hires steps"],
    slider: { max: SLIDER_STEPS },
  }),
  denoisingStrength: setting(z.number().min(0).max(1).default(0.7), {
    title: "Denoising strength",
    infotext: ["Denoising strength"],
  }),
  hrScale: setting(z.number().min(1).max(LARGEST_SCALE).default(2), {
    title: "Upscale by",
    infotext: ["Hires upscale"],
    slider: { max: SCALE_MAX },
  }),
  /** Size in pixels, instead of the scale. With one side 0 the picture keeps its proportions; with both sides given, the overhang is cut off. */
  hrResizeX: setting(z.number().int().min(0).max(LARGEST_SIZE).default(0), {
    title: "Resize width to",
    unit: "px",
    infotext: ["Hires resize-1"],
    slider: RESIZE_SLIDER,
  }),
  hrResizeY: setting(z.number().int().min(0).max(LARGEST_SIZE).default(0), {
    title: "Resize height to",
    unit: "px",
    infotext: ["Hires resize-2"],
    slider: RESIZE_SLIDER,
  }),
  /** Null means the first pass' sampler. */
  hrSamplerName: setting(z.enum(SAMPLER_NAMES).nullable().default(null), {
    title: "Hires sampling method",
    infotext: ["Hires sampler"],
  }),
  hrScheduler: setting(z.enum(SCHEDULE_TYPES).nullable().default(null), {
    title: "Hires schedule type",
    infotext: ["Hires schedule type"],
  }),
  /** Empty means the first pass' prompt. */
  hrPrompt: promptField("Hires prompt", ["Hires prompt"]),
  hrNegativePrompt: promptField("Hires negative prompt", ["Hires negative prompt"]),
};

/** The values of all fields of hires fix. */
export type HiresSettings = z.infer<z.ZodObject<typeof HIRES_FIELDS>>;
