/** @file Everything the server and a worker process say to each other over IPC. Typed, not parsed: both ends are ours. */
import type { Artifact, JobProgress, JobRequest, JobResults, Lane, MetricPoint } from "./job.ts";
import type { PromptStyle } from "./prompt-styles.ts";
import type { Options } from "./options/options.ts";
import type { ImageOptions } from "./settings/image-options.ts";
import type { WireError } from "./wire-error.ts";

export const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;
export type Device = (typeof DEVICES)[number];

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

export type ServerToWorker =
  /** First message: what this worker is for. */
  | {
      type: "start";
      lane: Lane;
      device: Device;
      threads: number | null;
      /** What the worker may hold in memory. */
      memoryBytes: number;
      demoCheckpoint: string;
      cacheDir: string;
    }
  | { type: "run"; jobId: string; request: JobRequest; context: JobContext }
  /** Finish the step, save what was learned or drawn, and end as done. */
  | { type: "stop"; jobId: string }
  /** As stop, and end the batch that is being drawn after this step, unfinished as it is. */
  | { type: "interrupt"; jobId: string }
  /** End the batch that is being drawn after this step, unfinished as it is, and go on with the next. */
  | { type: "skip"; jobId: string }
  /** End as soon as possible, keeping nothing unfinished; a kill follows when it does not. */
  | { type: "cancel"; jobId: string };

/** What a device is and whether its self-test (a small training step and a small picture equal to the CPU's) held. */
export interface DeviceReport {
  asked: Device;
  used: Device;
  /** Why `used` is not `asked`, as a sentence; null when it is. */
  fallbackReason: string | null;
  threads: number;
  /** Largest relative differences from the CPU; null on the CPU itself. */
  selfTest: { pictureError: number; gradientError: number } | null;
}

export type WorkerToServer =
  | { type: "ready"; report: DeviceReport; pid: number }
  | { type: "progress"; jobId: string; progress: JobProgress }
  | { type: "metrics"; jobId: string; points: MetricPoint[] }
  | { type: "artifact"; jobId: string; artifact: Artifact }
  /** The unfinished picture of a txt2img or a training preview, as a JPEG data URL. */
  | { type: "preview"; jobId: string; dataUrl: string; step: number; steps: number }
  | { type: "log"; jobId: string; line: string }
  | { type: "done"; jobId: string; results: JobResults }
  | { type: "cancelled"; jobId: string }
  | { type: "failed"; jobId: string; error: WireError };
