/** @file The settings of txt2img: A1111's fields, names and UI defaults. */
import { AUTOMATIC_SCHEDULE, DEFAULT_SAMPLER, SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import { z } from "zod";
import { CHECKPOINT_TEXT, PATH_TEXT } from "./bounded-text.ts";
import { cfgScaleField, stepsField } from "./guidance-fields.ts";
import { HIRES_FIELDS } from "./hires-fields.ts";
import { promptField } from "./prompt-field.ts";
import { PROMPT_READING_FIELDS } from "./prompt-reading-fields.ts";
import { SAMPLING_FIELDS } from "./sampling-fields.ts";
import { RANDOM_SEED, SeedSchema } from "./seed-field.ts";
import { setting } from "./setting.ts";
import { LARGEST_SIZE, SIZE_MAX, sizeField } from "./size-field.ts";
import { TILING_FIELD } from "./tiling-field.ts";
import { vaeField } from "./vae-field.ts";

const RESIZED_FROM = z.number().int().min(-1).max(LARGEST_SIZE).default(0);
const RESIZED_FROM_SLIDER = { max: SIZE_MAX };

export const Txt2imgSettingsSchema = z.object({
  prompt: promptField("Prompt"),
  negativePrompt: promptField("Negative prompt"),
  /** Names from `styles.csv`; the styles are added to both prompts in this order before anything else reads the prompts. */
  styles: z.array(PATH_TEXT).max(100).default([]),
  samplerName: setting(z.enum(SAMPLER_NAMES).default(DEFAULT_SAMPLER), {
    title: "Sampling method",
    infotext: ["Sampler"],
  }),
  scheduler: setting(z.enum(SCHEDULE_TYPES).default(AUTOMATIC_SCHEDULE), {
    title: "Schedule type",
    infotext: ["Schedule type"],
  }),
  steps: stepsField({ title: "Sampling steps", infotext: ["Steps"] }),
  width: sizeField("Width", ["Size-1"]),
  height: sizeField("Height", ["Size-2"]),
  nIter: setting(z.number().int().min(1).max(100).default(1), { title: "Batch count" }),
  batchSize: setting(z.number().int().min(1).max(8).default(1), { title: "Batch size" }),
  cfgScale: cfgScaleField({ title: "CFG Scale", infotext: ["CFG scale"] }),
  tiling: TILING_FIELD,
  ...HIRES_FIELDS,
  seed: setting(SeedSchema.default(RANDOM_SEED), { title: "Seed", infotext: ["Seed"] }),
  /** The seed of noise that is mixed in by `subseedStrength`; picture i of a job then has the same seed, and subseed + i. */
  subseed: setting(SeedSchema.default(RANDOM_SEED), { title: "Variation seed", infotext: ["Variation seed"] }),
  subseedStrength: setting(z.number().min(0).max(1).default(0), {
    title: "Variation strength",
    infotext: ["Variation seed strength"],
  }),
  /** Size at which the seed's noise is drawn before it is put into the middle of the picture's noise; if either side is 0 or -1, the picture's own size. */
  seedResizeFromW: setting(RESIZED_FROM, {
    title: "Resize seed from width",
    infotext: ["Seed resize from-1"],
    slider: RESIZED_FROM_SLIDER,
  }),
  seedResizeFromH: setting(RESIZED_FROM, {
    title: "Resize seed from height",
    infotext: ["Seed resize from-2"],
    slider: RESIZED_FROM_SLIDER,
  }),
  ...SAMPLING_FIELDS,
  ...PROMPT_READING_FIELDS,
  vae: vaeField,
  /** A name from the checkpoint list; null is the checkpoint chosen on the page. */
  checkpoint: CHECKPOINT_TEXT,
});

export type Txt2imgSettings = z.infer<typeof Txt2imgSettingsSchema>;
