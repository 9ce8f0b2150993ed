/** @file The facts that a job needs besides its settings to draw and save pictures. */
import type { Options } from "../options/options.ts";
import type { PromptStyle } from "../styles/prompt-styles.ts";
import type { Artifact } from "./job.ts";
import type { CheckpointRef, UpscalerRef } from "./model-refs.ts";

/** Paths are absolute. */
export interface DrawingContext {
  checkpoint: CheckpointRef;
  /** The upscaler model of hires fix; null if the job uses none. */
  upscaler: UpscalerRef | null;
  embeddingsDir: string;
  /** The folders for pictures and for grids; the options choose sub-folders. */
  outputsDir: string;
  gridsDir: string;
  /** The folder for unfinished pictures that are sent and not kept; left out if nobody asked for them. */
  unsavedDir?: string | undefined;
  /** A1111's options as they were when the job began. */
  options: Options;
  /** The styles that the settings name, as they were when the job began. */
  styles: PromptStyle[];
  /** The pictures that an earlier attempt drew; the job goes on after them. */
  drawn: readonly Artifact[];
  /** Folder of ours for caches. */
  cacheDir: string;
  /** Program version for infotext. */
  version: string;
}
