/** @file The names of the kinds of checkpoint. */
import type { CheckpointFamily } from "@lexeme/core";

export const FAMILY_NAMES: Readonly<Record<CheckpointFamily, string>> = {
  sd1: "SD 1.x",
  sd2: "SD 2.x",
  sdxl: "SDXL",
  sd3: "SD 3",
  flux: "Flux",
  inpainting: "SD 1.x inpainting",
  vae: "VAE",
  embedding: "Embedding",
  lora: "LoRA",
  controlnet: "ControlNet",
  "diffusers-part": "diffusers part",
  unknown: "Unknown",
};
