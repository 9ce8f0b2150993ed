/** @file The names, options and results of measurements, for code that starts them in other processes without loading the engine. */
import type { Device } from "@lexeme/domain/jobs";

/** The measurements that the bench compares with PyTorch. */
export const COMPARED_MEASUREMENTS = ["step", "unet", "vae"] as const;
export const MEASUREMENTS = [...COMPARED_MEASUREMENTS, "picture"] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface MeasurementOptions {
  readonly device: Device;
  readonly threads: number;
  readonly checkpointPath: string;
  readonly sides: PictureSides;
  /** Memory that the process may use; most of the machine's by default. */
  readonly usableBytes?: number;
}

/** Sides in pixels of the square pictures for training and drawing. */
export interface PictureSides {
  readonly train: number;
  readonly draw: number;
}

/** The usual sizes for Stable Diffusion 1.5. */
export const FULL_SIDES: PictureSides = { train: 256, draw: 512 };

export interface MeasurementResult {
  /** Time to open the checkpoint and the session, without a run; for a picture, the checkpoint alone. */
  readonly openSeconds: number;
  /** Time of the first run, which reads the weights from disk; for a picture, a run with one step, which opens the sessions. */
  readonly firstSeconds: number;
  /** Time of the fastest run after the first. */
  readonly seconds: number;
  /** Largest resident memory of the process, including pages of mapped files. */
  readonly peakGb: number;
}
