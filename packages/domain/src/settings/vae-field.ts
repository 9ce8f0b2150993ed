/** @file Which VAE turns latents into pictures: A1111's option `sd_vae`. */
import { z } from "zod";

/** "Automatic" takes the file that is named after the checkpoint, beside it or among the VAEs; "None" the checkpoint's own; else a file's name. */
export const vaeField = z.string().min(1).default("Automatic").meta({ title: "VAE" });
