/** @file The field for the VAE that turns latents into pictures: A1111's option `sd_vae`. */
import { PATH_TEXT } from "./bounded-text.ts";
import { setting } from "./setting.ts";

/** The VAE file that is named after the checkpoint; without such a file the checkpoint's own VAE. */
export const AUTOMATIC_VAE = "Automatic";
/** The checkpoint's own VAE. */
export const OWN_VAE = "None";

/** `AUTOMATIC_VAE`, `OWN_VAE` or the name of a file. */
export const vaeField = setting(PATH_TEXT.min(1).default(AUTOMATIC_VAE), {
  title: "VAE",
  description:
    "Automatic takes the file named after the checkpoint, None takes the checkpoint's own VAE, any other name is a file in models/VAE",
  option: "sd_vae",
});
