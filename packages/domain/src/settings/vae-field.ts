/** @file The field for the VAE that turns latents into pictures: A1111's option `sd_vae`. */
import { z } from "zod";
import { setting } from "./setting.ts";

/** Two values are not file names: "Automatic", the file named after the checkpoint, and "None", the checkpoint's own VAE. */
export const vaeField = setting(z.string().min(1).default("Automatic"), {
  title: "VAE",
  description:
    "Automatic takes the file named after the checkpoint, None takes the checkpoint's own VAE, any other name is a file in models/VAE",
  option: "sd_vae",
});
