/** @file The keys by which kinds of model file and of tokenizer are told apart; what a person reads of them is the page's. */

/** What a model file is by its tensors' keys and shapes. */
export const CHECKPOINT_FAMILIES = [
  "sd1",
  "sd2",
  "sdxl",
  "sd3",
  "flux",
  "inpainting",
  "vae",
  "embedding",
  "lora",
  "controlnet",
  "diffusers-part",
  "unknown",
] as const;
export type CheckpointFamily = (typeof CHECKPOINT_FAMILIES)[number];

/** How a text becomes words: by OpenAI's CLIP (SD 1.x) or by OpenCLIP (SD 2.x). The vocabulary is the same. */
export const CLIP_DIALECTS = ["clip", "openClip"] as const;
export type ClipDialect = (typeof CLIP_DIALECTS)[number];
