/** @file The devices that jobs are computed on. */

export const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;
export type Device = (typeof DEVICES)[number];

/** The device in use, and the result of its self-test: a small training step and a small picture, compared with the CPU's. */
export interface DeviceReport {
  asked: Device;
  used: Device;
  /** Why `used` is not `asked`, as a sentence; null when it is. */
  fallbackReason: string | null;
  threads: number;
  /** Largest relative differences from the CPU; null on the CPU itself. */
  selfTest: { pictureError: number; gradientError: number } | null;
}
