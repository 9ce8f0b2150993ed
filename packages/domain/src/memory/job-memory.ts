/** @file Predicts the memory of a whole job from its settings. */
import { pictureSize } from "../settings/drawing-passes.ts";
import type { TrainSettings } from "../settings/train-settings.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { MAX_GRID_PIXELS } from "../plot/xyz-plan.ts";
import { drawingSessions, playSessions, trainingSessions } from "./job-sessions.ts";
import type { NetworkSizes } from "./network-memory.ts";

export interface MemoryForecast {
  /** The most memory that the job holds at one time. */
  readonly peakBytes: number;
  /** False if the job needs more memory than there is, however the work is divided. */
  readonly fits: boolean;
}

/** The memory of a txt2img job on a checkpoint of these sizes, with `usable` bytes to use. */
export function txt2imgMemory(sizes: NetworkSizes, settings: Txt2imgSettings, usable: number): MemoryForecast {
  const sessions = playSessions(drawingSessions(sizes, settings, usable), usable);
  return forecast(sessions.peakBytes + gridBytes(settings), usable);
}

/** The grid of several pictures, which is in memory from the first picture on; a grid above the size limit is not made. */
function gridBytes(settings: Txt2imgSettings): number {
  const pictures = settings.nIter * settings.batchSize;
  const { width, height } = pictureSize(settings);
  const pixels = pictures * width * height;
  return pictures === 1 || pixels > MAX_GRID_PIXELS ? 0 : 3 * pixels;
}

/** The memory of a training on a checkpoint of these sizes, with `usable` bytes to use. */
export function trainingMemory(sizes: NetworkSizes, settings: TrainSettings, usable: number): MemoryForecast {
  return forecast(playSessions(trainingSessions(sizes, settings, usable), usable).peakBytes, usable);
}

function forecast(peakBytes: number, usable: number): MemoryForecast {
  return { peakBytes, fits: peakBytes <= usable };
}
