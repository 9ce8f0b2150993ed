/** @file Model files as a worker opens them: by name and absolute path, which only the server knows. */

/** A checkpoint as the worker opens it. */
export interface CheckpointRef {
  name: string;
  path: string;
  /** First 10 hex digits of the file's sha256, as in A1111's infotext; null while it is still being computed. */
  shortHash: string | null;
  /** A separate VAE that takes the place of the checkpoint's own. */
  vae?: VaeRef | null;
}

/** A VAE file: its name with ending, as infotext gives it. */
export interface VaeRef {
  name: string;
  path: string;
  shortHash: string | null;
}

/** An upscaler of the user's: its name in lists and infotext, and its file. */
export interface UpscalerRef {
  name: string;
  path: string;
}
