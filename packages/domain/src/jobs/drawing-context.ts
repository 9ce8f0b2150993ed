/** @file What a job that draws and saves pictures needs besides its settings. */
import type { Options } from "../options/options.ts";
import type { PromptStyle } from "../styles/prompt-styles.ts";
import type { CheckpointRef, UpscalerRef } from "./model-refs.ts";

/** Paths are absolute. */
export interface DrawingContext {
  checkpoint: CheckpointRef;
  /** The model that hires fix enlarges with, where the job has one. */
  upscaler: UpscalerRef | null;
  embeddingsDir: string;
  /** Where pictures go, and where grids of several go; sub-folders by the options. */
  outputsDir: string;
  gridsDir: string;
  /** Where unfinished pictures go that are sent and not kept; without it nobody wants them. */
  unsavedDir?: string | undefined;
  /** A1111's options as they were when the job began. */
  options: Options;
  /** The styles that the settings name, as they were then. */
  styles: PromptStyle[];
  /** Folder of ours for caches. */
  cacheDir: string;
  /** Program version for infotext. */
  version: string;
}
