/** @file The places of a checkpoint's tensors in a container of any kind: the output of every checkpoint reader, and the input of the inspection. */
import type { TensorLocation } from "./safetensors.ts";

export interface CheckpointTensorLocation extends TensorLocation {
  /** Real path of the tensor's file if that is not the checkpoint's own file: a separate VAE, or a part of a diffusers folder. */
  readonly file?: string;
}

export interface CheckpointSource {
  readonly tensors: ReadonlyMap<string, CheckpointTensorLocation>;
  /** The container's metadata; empty if its format has none. */
  readonly metadata: Readonly<Record<string, string>>;
}
