/** @file Where a checkpoint's tensors lie, whatever container holds them: what every reader of a checkpoint gives and the inspection takes. */
import type { TensorLocation } from "./safetensors.ts";

export interface CheckpointTensorLocation extends TensorLocation {
  /** Real path of the file that holds it, where that is not the checkpoint's own: a separate VAE, a part of a diffusers folder. */
  readonly file?: string;
}

export interface CheckpointSource {
  readonly tensors: ReadonlyMap<string, CheckpointTensorLocation>;
  /** What the container says in words; empty when it has no room for them. */
  readonly metadata: Readonly<Record<string, string>>;
}
