/** @file What is measured, of what, and what comes of it, for those who start measurements in other processes and need none of the engine. */
import type { Device } from "@lexeme/domain/jobs";

/** What the bench compares with PyTorch. */
export const COMPARED_MEASUREMENTS = ["step", "unet", "vae"] as const;
export const MEASUREMENTS = [...COMPARED_MEASUREMENTS, "picture"] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface MeasurementOptions {
  readonly device: Device;
  readonly threads: number;
  readonly checkpointPath: string;
  readonly sides: PictureSides;
  /** Memory to plan with; most of the machine's by default. */
  readonly usableBytes?: number;
}

/** Sides in pixels of the square pictures that are trained on and drawn. */
export interface PictureSides {
  readonly train: number;
  readonly draw: number;
}

/** Those that users of Stable Diffusion 1.5 train and draw at. */
export const FULL_SIDES: PictureSides = { train: 256, draw: 512 };

export interface MeasurementResult {
  /** Time to open the checkpoint and the session, without a run; of a picture, of the checkpoint alone. */
  readonly openSeconds: number;
  /** Time of the first run, which reads the weights from disk; of a picture, that of one with one step, which opens its sessions. */
  readonly firstSeconds: number;
  /** Time of the fastest run after the first. */
  readonly seconds: number;
  /** Largest resident memory of the process, including pages of mapped files. */
  readonly peakGb: number;
}
