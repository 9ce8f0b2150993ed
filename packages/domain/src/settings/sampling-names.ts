/** @file Samplers and schedules by the names that A1111 shows. */

/** Samplers as A1111 shows them; the schedulers package implements each and a test there holds the two lists together. */
export const SAMPLER_NAMES = [
  "DPM++ 2M",
  "DPM++ SDE",
  "DPM++ 2M SDE",
  "DPM++ 2M SDE Heun",
  "DPM++ 2S a",
  "DPM++ 3M SDE",
  "Euler a",
  "Euler",
  "LMS",
  "Heun",
  "DPM2",
  "DPM2 a",
  "DPM fast",
  "DPM adaptive",
  "Restart",
  "DDIM",
  "DDIM CFG++",
  "PLMS",
  "UniPC",
  "LCM",
] as const;
export const SCHEDULE_TYPES = [
  "Automatic",
  "Uniform",
  "Karras",
  "Exponential",
  "Polyexponential",
  "SGM Uniform",
  "KL Optimal",
  "Align Your Steps",
  "Simple",
  "Normal",
  "DDIM",
  "Beta",
] as const;
