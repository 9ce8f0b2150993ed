/** @file The data of a checkpoint that a network definition needs: the places of its tensors, and constants that shapes do not show. */
import type { Shape } from "@lexeme/core";

/** One tensor of a checkpoint; `dtype` is its safetensors name, such as "F16". */
export interface CheckpointTensor {
  readonly dtype: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly length: number;
  /** The tensor's file where it is not `CheckpointWeights.file`: a separate VAE, or a part of a diffusers folder. */
  readonly file?: string;
}

/** A checkpoint in LDM's single-file layout. The inspection of a file in `formats` gives every field except the path. */
export interface CheckpointWeights {
  /** Path of the file, as the session that runs the graph resolves it. */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Groups of every GroupNorm (SD 1.x: 32). */
  readonly normNumGroups: number;
  /** Width of one attention head in the UNet; undefined means SD 1.x's rule of 8 heads at every width. */
  readonly numHeadChannels: number | undefined;
  /** Activation of the text encoder: OpenAI CLIP's approximation of GELU (SD 1.x, the default) or OpenCLIP's exact GELU (SD 2.x). */
  readonly textActivation?: "quickGelu" | "gelu";
}
