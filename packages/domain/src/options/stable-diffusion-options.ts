/** @file The options of A1111's settings sections "Stable Diffusion" and "VAE" that Lexeme has. */
import { z } from "zod";
import { PATH_TEXT } from "../settings/bounded-text.ts";
import { PROMPT_READING_FIELDS } from "../settings/prompt-reading-fields.ts";
import { SAMPLING_FIELDS } from "../settings/sampling-fields.ts";
import { setting } from "../settings/setting.ts";
import { TILING_FIELD } from "../settings/tiling-field.ts";
import { vaeField } from "../settings/vae-field.ts";
import { optionsOf } from "./options-of-fields.ts";

const { emphasis, commaPaddingBacktrack, clipSkip } = PROMPT_READING_FIELDS;

export const StableDiffusionOptionsSchema = z.object({
  /** Empty takes the first checkpoint that can be used. The checkpoint picker changes this option. */
  sd_model_checkpoint: setting(PATH_TEXT.default(""), {
    title: "Stable Diffusion checkpoint",
    description: "The checkpoint that jobs use; the menu at the top of the page changes it too",
  }),
  ...optionsOf({ emphasis }),
  enable_prompt_comments: setting(z.boolean().default(true), {
    title: "Enable comments",
    description: "The rest of a prompt's line from # on is a comment and is left out",
  }),
  ...optionsOf({ commaPaddingBacktrack, clipSkip }),
  ...optionsOf({ randnSource: SAMPLING_FIELDS.randnSource, tiling: TILING_FIELD }),
});

export const VaeOptionsSchema = z.object(optionsOf({ vae: vaeField }));
