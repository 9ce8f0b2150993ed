/** @file References to model files for a worker: the name, and the absolute path, which only the server knows. */

/** A checkpoint that a worker opens. */
export interface CheckpointRef {
  name: string;
  path: string;
  /** First 10 hex digits of the file's sha256, as in A1111's infotext; null while it is still being computed. */
  shortHash: string | null;
  /** A separate VAE that replaces the checkpoint's own. */
  vae?: VaeRef | null;
}

/** A VAE file. `name` includes the ending, as in infotext. */
export interface VaeRef {
  name: string;
  path: string;
  shortHash: string | null;
}

/** An upscaler file of the user's. `name` is its name in lists and infotext. */
export interface UpscalerRef {
  name: string;
  path: string;
}
