/** @file What a job needs besides its settings: paths, names and options that only the server knows. */
import type { ImageOptions } from "../options/image-options.ts";
import type { Options } from "../options/options.ts";
import type { PromptStyle } from "../styles/prompt-styles.ts";

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

/** Absolute paths and names that a job needs and only the server knows. */
export interface JobContext {
  checkpoint: CheckpointRef | null;
  /** The model that hires fix enlarges with, where the job has one. */
  upscaler?: UpscalerRef | null;
  embeddingsDir: string;
  /** Where pictures go, and where grids of several go; sub-folders by the options. */
  outputsDir: string;
  gridsDir: string;
  /** Where unfinished pictures go that are sent and not kept; without it nobody wants them. */
  unsavedDir?: string | undefined;
  /** A1111's options as they were when the job began. */
  options: Options;
  /** The styles that a txt2img names, as they were then. */
  styles: PromptStyle[];
  /** How pictures are written and named. */
  imageOptions: ImageOptions;
  /** Of an X/Y/Z plot: the checkpoints by the names that its axis gives, and the training copies by step. */
  xyz?: { checkpoints: Record<string, CheckpointRef>; copies: Record<number, string> };
  logDir: string;
  templatesDir: string;
  /** Folder of ours for caches. */
  cacheDir: string;
  /** Program version for infotext and files. */
  version: string;
}
