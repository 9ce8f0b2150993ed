/** @file A1111's settings sections "Stable Diffusion" and "VAE", as far as they act here. */
import { z } from "zod";
import { EMPHASIS_MODES, RANDOM_SOURCES } from "../settings/txt2img-settings.ts";

export const StableDiffusionOptionsSchema = z.object({
  /** Empty takes the first that can be used. The checkpoint picker changes this very option. */
  sd_model_checkpoint: z.string().default("").meta({
    title: "Stable Diffusion checkpoint",
    description: "The one that jobs use, chosen at the top of the page too",
  }),
  emphasis: z.enum(EMPHASIS_MODES).default("Original").meta({
    title: "Emphasis mode",
    description:
      "What (more) and [less] in a prompt do. Original weighs and restores the mean, No norm weighs only, Ignore reads the brackets without effect, None takes them as text",
  }),
  enable_prompt_comments: z.boolean().default(true).meta({
    title: "Enable comments",
    description: "In a prompt, # and what follows on its line are left out",
  }),
  comma_padding_backtrack: z.number().int().min(0).max(74).default(20).meta({
    title: "Prompt word wrap length limit",
    unit: "tokens",
    description:
      "Where 75 tokens are full, a part behind the last comma that is no longer than this moves into the next 75 whole",
  }),
  CLIP_stop_at_last_layers: z.number().int().min(1).max(12).default(1).meta({
    title: "Clip skip",
    description: "1 takes the text encoder's last layer, 2 the one before",
  }),
  // A1111 starts with "GPU", whose noise needs its graphics card; "CPU" is the same everywhere.
  randn_source: z.enum(RANDOM_SOURCES).default("CPU").meta({
    title: "Random number generator source",
    description:
      "Changes what every seed means. NV and GPU are the noise of an NVIDIA card, CPU that of PyTorch on any machine",
    a1111Default: "GPU",
  }),
});

export const VaeOptionsSchema = z.object({
  sd_vae: z.string().min(1).default("Automatic").meta({
    title: "SD VAE",
    description:
      "Automatic takes the file named after the checkpoint, None the checkpoint's own, anything else is a file in models/VAE",
  }),
});
