/** @file Which VAE turns latents into pictures: A1111's option `sd_vae`. */
import { z } from "zod";
import { setting } from "./setting.ts";

/** The two names that are no file's: the file named after the checkpoint, and the checkpoint's own. */
export const vaeField = setting(z.string().min(1).default("Automatic"), {
  title: "VAE",
  description:
    "Automatic takes the file named after the checkpoint, None the checkpoint's own, anything else is a file in models/VAE",
  option: "sd_vae",
});
