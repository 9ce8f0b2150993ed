/** @file What enlarges a picture between the passes of hires fix, by A1111's names. */
import { z } from "zod";

/** Those that work on latents, in A1111's order. */
export const LATENT_UPSCALERS = [
  "Latent",
  "Latent (antialiased)",
  "Latent (bicubic)",
  "Latent (bicubic antialiased)",
  "Latent (nearest)",
  "Latent (nearest-exact)",
] as const;
export type LatentUpscalerName = (typeof LATENT_UPSCALERS)[number];

/** Those that work on pixels and need no file. */
export const PIXEL_UPSCALERS = ["None", "Lanczos", "Nearest"] as const;

/** A name of the list, and what it works on; a `model` is a file of the user's. */
export const UpscalerSchema = z.object({
  name: z.string(),
  kind: z.enum(["latent", "pixel", "model"]),
  /** The model's file. */
  path: z.string().nullable(),
  /** How many times larger a model makes sides; the others go to any size. */
  scale: z.number().nullable(),
  /** Why a model's file cannot be used; null when it can. */
  unusableReason: z.string().nullable(),
});
export type ListedUpscaler = z.infer<typeof UpscalerSchema>;

export function isLatentUpscaler(name: string): name is LatentUpscalerName {
  return (LATENT_UPSCALERS as readonly string[]).includes(name);
}
