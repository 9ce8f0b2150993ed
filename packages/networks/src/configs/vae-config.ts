/** @file The autoencoder's sizes that other modules need, read from a checkpoint's keys and shapes. */
import type { ParamScope } from "../param-scope.ts";

export interface VaeConfig {
  /** Channels of a latent (4). */
  readonly latentChannels: number;
  /** Pixels of a picture's side for one place of its latent (8). */
  readonly factor: number;
}

/** Infers the sizes below `scope` (`first_stage_model`). Throws LexemeError when keys that show them are missing. */
export function inferVaeConfig(scope: ParamScope): VaeConfig {
  const levels = scope.at("decoder.up");
  const doublings = Array.from({ length: levels.count() }, (_, level) => levels.at(level).hasChild("upsample"));
  return {
    latentChannels: scope.sizeOf("post_quant_conv.weight", 1),
    factor: 2 ** doublings.filter(Boolean).length,
  };
}
