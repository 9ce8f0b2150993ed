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

/** The upscaler of a request that names none. */
export const DEFAULT_UPSCALER: LatentUpscalerName = LATENT_UPSCALERS[0];

/** The upscaler that `hrUpscaler` means. */
export function namedUpscaler(hrUpscaler: string): string {
  return hrUpscaler === "" ? DEFAULT_UPSCALER : hrUpscaler;
}

/** Upscalers that work on pixels and need no file. */
export const PIXEL_UPSCALERS = ["None", "Lanczos", "Nearest"] as const;

export function isLatentUpscaler(name: string): name is LatentUpscalerName {
  return (LATENT_UPSCALERS as readonly string[]).includes(name);
}
