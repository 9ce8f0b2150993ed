/** @file The phases of a running job: the keys that code compares, and the text that a person reads for each. */
import { z } from "zod";

/** Each phase's key with its text. The page and A1111's `textinfo` show the text; no code compares it. */
export const PHASE_TEXTS = {
  starting: "Starting",
  "loading-checkpoint": "Loading checkpoint",
  drawing: "Drawing",
  "first-pass": "First pass",
  upscaling: "Upscaling",
  "second-pass": "Second pass",
  decoding: "Decoding",
  "drawing-grid": "Drawing the grid",
  "encoding-pictures": "Preparing pictures",
  measuring: "Measuring",
  training: "Training",
  "drawing-preview": "Drawing a preview",
  saving: "Saving",
  "giving-way": "Waits while a picture is drawn",
  "waiting-for-space": "Waiting for space",
  preprocessing: "Preprocessing",
  "comparing-vocabulary": "Comparing with the vocabulary",
  "comparing-embeddings": "Comparing with the other embeddings",
  done: "Done",
} as const;

export type JobPhase = keyof typeof PHASE_TEXTS;
const JOB_PHASES = Object.keys(PHASE_TEXTS) as JobPhase[];

/** Jobs of earlier versions have a sentence instead of a key: they are read as "starting". */
export const JobPhaseSchema = z.enum(JOB_PHASES).catch("starting");

/** Whether a report of this phase counts the job's steps. While a training prepares its pictures, the report counts pictures. */
export function countsSteps(phase: JobPhase): boolean {
  return phase !== "encoding-pictures";
}
