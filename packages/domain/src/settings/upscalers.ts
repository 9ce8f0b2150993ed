/** @file The upscalers that enlarge a picture between the passes of hires fix, with A1111's names. */

/** Upscalers that work on latents, in A1111's order. */
export const LATENT_UPSCALERS = [
  "Latent",
  "Latent (antialiased)",
  "Latent (bicubic)",
  "Latent (bicubic antialiased)",
  "Latent (nearest)",
  "Latent (nearest-exact)",
] as const;
export type LatentUpscalerName = (typeof LATENT_UPSCALERS)[number];

/** Upscalers that work on pixels and need no file. */
export const PIXEL_UPSCALERS = ["None", "Lanczos", "Nearest"] as const;

export function isLatentUpscaler(name: string): name is LatentUpscalerName {
  return (LATENT_UPSCALERS as readonly string[]).includes(name);
}
