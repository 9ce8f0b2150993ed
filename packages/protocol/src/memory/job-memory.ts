/** @file The memory of a whole job, from its settings. */
import { hiresSize } from "../hires-size.ts";
import { effectiveSize } from "../settings/size-field.ts";
import type { TrainSettings } from "../settings/train-settings.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { isLatentUpscaler } from "../upscalers.ts";
import { forecastDrawing, forecastTraining, type MemoryForecast } from "./memory-plan.ts";
import type { NetworkSizes } from "./network-memory.ts";

/** A txt2img job on a checkpoint of these sizes with so many bytes to use. */
export function txt2imgMemory(sizes: NetworkSizes, settings: Txt2imgSettings, usable: number): MemoryForecast {
  const { batchSize, cfgScale, enableHr, hrUpscaler } = settings;
  const size = { width: effectiveSize(settings.width), height: effectiveSize(settings.height) };
  const second = enableHr ? { ...hiresSize(settings).final, encodes: !isLatentUpscaler(hrUpscaler) } : null;
  return forecastDrawing(sizes, { ...size, batchSize, isGuided: cfgScale > 1, second }, usable);
}

/** A training on a checkpoint of these sizes with so many bytes to use. */
export function trainingMemory(sizes: NetworkSizes, settings: TrainSettings, usable: number): MemoryForecast {
  const { batchSize, trainingWidth, trainingHeight, createImageEvery } = settings;
  const size = { width: effectiveSize(trainingWidth), height: effectiveSize(trainingHeight), batch: batchSize };
  return forecastTraining(sizes, { ...size, hasPreviews: createImageEvery > 0 }, usable);
}
