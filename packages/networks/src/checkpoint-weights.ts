/** @file What a network definition needs to know of a checkpoint: where its tensors lie and the constants that shapes cannot tell. */
import type { Shape } from "@lexeme/core";

/** One tensor of a checkpoint; `dtype` is its safetensors name, such as "F16". */
export interface CheckpointTensor {
  readonly dtype: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly length: number;
  /** The file that holds it, where that is not `CheckpointWeights.file`: a separate VAE, a part of a diffusers folder. */
  readonly file?: string;
}

/** A checkpoint in LDM's single-file layout. `formats`' inspection of a file has all but the path. */
export interface CheckpointWeights {
  /** Path of the file, as the session that runs the graph resolves it. */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Groups of every GroupNorm (SD 1.x: 32). */
  readonly normNumGroups: number;
  /** Width of one attention head in the UNet; undefined is SD 1.x's rule of 8 heads at every width. */
  readonly numHeadChannels: number | undefined;
  /** The text encoder's: OpenAI CLIP's approximation (SD 1.x, the default) or OpenCLIP's exact one (SD 2.x). */
  readonly textActivation?: "quickGelu" | "gelu";
}
