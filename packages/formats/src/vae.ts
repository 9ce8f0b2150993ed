/** @file A separate VAE file: its tensors under the keys that a checkpoint's own VAE has, so that they can take its place. */
import { LexemeError } from "@lexeme/core";
import type { CheckpointSource, CheckpointTensorLocation } from "./checkpoint-source.ts";

/** Where a checkpoint keeps its VAE. */
export const VAE_PREFIX = "first_stage_model.";
/** Of a VAE's training: A1111 drops the discriminator's weights and the moving averages too. */
const TRAINING_ONLY = /^(loss|model_ema)\./;
/** Without these it is no autoencoder of Stable Diffusion's kind. */
const REQUIRED = ["encoder.conv_in.weight", "decoder.conv_in.weight", "post_quant_conv.weight"];

/** The tensors by their keys in a checkpoint. Throws LexemeError `VAE_UNSUPPORTED` when the file is no VAE with LDM's keys. */
export function vaeTensors({ tensors }: CheckpointSource): ReadonlyMap<string, CheckpointTensorLocation> {
  const found = new Map<string, CheckpointTensorLocation>();
  const isCheckpoint = [...tensors.keys()].some((key) => key.startsWith(VAE_PREFIX));
  for (const [key, tensor] of tensors) {
    if (TRAINING_ONLY.test(key) || (isCheckpoint && !key.startsWith(VAE_PREFIX))) continue;
    found.set(isCheckpoint ? key : `${VAE_PREFIX}${key}`, tensor);
  }
  const missing = REQUIRED.find((key) => !found.has(`${VAE_PREFIX}${key}`));
  if (missing === undefined) return found;
  throw new LexemeError("VAE_UNSUPPORTED", `This is not a VAE for Stable Diffusion: it lacks "${missing}"`, {
    details: { key: missing },
  });
}
