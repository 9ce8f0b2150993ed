/** @file The memory of a whole job, from its settings. */
import { hiresSize } from "../settings/hires-size.ts";
import { effectiveSize } from "../settings/size-field.ts";
import type { TrainSettings } from "../settings/train-settings.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { isLatentUpscaler } from "../settings/upscalers.ts";
import { MAX_GRID_PIXELS } from "../plot/xyz-plan.ts";
import { forecastDrawing, forecastTraining, type MemoryForecast } from "./memory-plan.ts";
import type { NetworkSizes } from "./network-memory.ts";

/** A txt2img job on a checkpoint of these sizes with so many bytes to use. */
export function txt2imgMemory(sizes: NetworkSizes, settings: Txt2imgSettings, usable: number): MemoryForecast {
  const { batchSize, cfgScale, enableHr, hrUpscaler } = settings;
  const size = { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
  const second = enableHr ? { ...hiresSize(settings).final, encodes: !isLatentUpscaler(hrUpscaler) } : null;
  const networks = forecastDrawing(sizes, { ...size, batchSize, isGuided: cfgScale > 1, second }, usable);
  const peakBytes = networks.peakBytes + gridBytes(settings.nIter * batchSize, second ?? size);
  return { peakBytes, fits: peakBytes <= usable };
}

/** The grid of several pictures, which is there from the first one on; a larger one than there may be is not made. */
function gridBytes(pictures: number, { width, height }: { width: number; height: number }): number {
  const pixels = pictures * width * height;
  return pictures === 1 || pixels > MAX_GRID_PIXELS ? 0 : 3 * pixels;
}

/** A training on a checkpoint of these sizes with so many bytes to use. */
export function trainingMemory(sizes: NetworkSizes, settings: TrainSettings, usable: number): MemoryForecast {
  const { batchSize, trainingWidth, trainingHeight, createImageEvery } = settings;
  const size = { width: effectiveSize(trainingWidth), height: effectiveSize(trainingHeight), batch: batchSize };
  return forecastTraining(sizes, { ...size, hasPreviews: createImageEvery > 0 }, usable);
}
