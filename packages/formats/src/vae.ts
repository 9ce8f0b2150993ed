/** @file Reads a separate VAE file: gives its tensors the keys of a checkpoint's own VAE, so that they can replace it. */
import { LexemeError } from "@lexeme/core";
import type { CheckpointSource, CheckpointTensorLocation } from "./checkpoint-source.ts";

/** Prefix of the VAE's keys in a checkpoint. */
export const VAE_PREFIX = "first_stage_model.";
/** Keys that only a VAE's training uses: the discriminator's weights and the moving averages, which A1111 drops too. */
const TRAINING_ONLY = /^(loss|model_ema)\./;
/** Keys of every autoencoder of Stable Diffusion's kind. */
const REQUIRED = ["encoder.conv_in.weight", "decoder.conv_in.weight", "post_quant_conv.weight"];

/** The tensors by their keys in a checkpoint. Throws LexemeError `VAE_UNSUPPORTED` if the file is not a VAE with LDM's keys. */
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
