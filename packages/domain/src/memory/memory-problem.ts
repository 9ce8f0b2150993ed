/** @file The sentence for a job that needs more memory than there is, with a change that would fit. */
import { SIZE_MIN } from "../settings/size-field.ts";
import type { TrainSettings } from "../settings/train-settings.ts";
import type { Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { trainingMemory, txt2imgMemory, type MemoryForecast } from "./job-memory.ts";
import type { NetworkSizes } from "./network-memory.ts";

export interface MemoryProblem {
  /** The setting to change. */
  readonly field: string;
  /** "Needs 9.8 GB of memory, and 6.8 GB can be used: train at 256 × 256". */
  readonly message: string;
}

/** Null when a txt2img job fits. */
export function txt2imgMemoryProblem(
  sizes: NetworkSizes,
  settings: Txt2imgSettings,
  usable: number,
): MemoryProblem | null {
  const forecast = txt2imgMemory(sizes, settings, usable);
  if (forecast.fits) return null;
  const fits = (some: Partial<Txt2imgSettings>) => txt2imgMemory(sizes, { ...settings, ...some }, usable).fits;
  if (settings.enableHr && fits({ enableHr: false })) {
    const byScale = { hrResizeX: 0, hrResizeY: 0 };
    const tenths = Array.from({ length: 30 }, (_, i) => (40 - i) / 10);
    const scale = tenths.find((hrScale) => hrScale < currentScale(settings) && fits({ ...byScale, hrScale }));
    const advice = scale === undefined ? "draw without hires fix" : `upscale by ${scale}`;
    return { field: "hrScale", message: sentence(forecast, usable, advice) };
  }
  const size = smallerSize(settings, ({ width, height }) => fits({ width, height, enableHr: false }));
  return { field: "width", message: sentence(forecast, usable, size && `draw at ${size}`) };
}

/** Null when a training fits. */
export function trainingMemoryProblem(
  sizes: NetworkSizes,
  settings: TrainSettings,
  usable: number,
): MemoryProblem | null {
  const forecast = trainingMemory(sizes, settings, usable);
  if (forecast.fits) return null;
  const fits = (some: Partial<TrainSettings>) => trainingMemory(sizes, { ...settings, ...some }, usable).fits;
  const batches = Array.from({ length: settings.batchSize - 1 }, (_, i) => settings.batchSize - 1 - i);
  const batchSize = batches.find((smaller) => fits({ batchSize: smaller }));
  if (batchSize !== undefined) {
    const advice = `train with batch size ${batchSize}, and more gradient accumulation steps`;
    return { field: "batchSize", message: sentence(forecast, usable, advice) };
  }
  const { trainingWidth: width, trainingHeight: height } = settings;
  const size = smallerSize({ width, height }, (smaller) =>
    fits({ batchSize: 1, trainingWidth: smaller.width, trainingHeight: smaller.height }),
  );
  const advice = size && `train at ${size}${settings.batchSize > 1 ? " with batch size 1" : ""}`;
  return { field: "trainingWidth", message: sentence(forecast, usable, advice) };
}

/** Bytes as gigabytes of 10^9, as "3.1". */
export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

function sentence({ peakBytes }: MemoryForecast, usable: number, advice: string | undefined): string {
  const need = `Needs ${gigabytes(peakBytes)} GB of memory, and ${gigabytes(usable)} GB can be used`;
  return `${need}: ${advice ?? "choose a smaller checkpoint, or close other programs and start Lexeme with a larger --memory"}`;
}

function currentScale({ width, hrScale, hrResizeX, hrResizeY, height }: Txt2imgSettings): number {
  return hrResizeX === 0 && hrResizeY === 0 ? hrScale : Math.max(hrResizeX / width, hrResizeY / height);
}

/** Advised sizes are multiples of this many pixels, as people usually choose them. */
const SIZE_ROUNDING = 64;

/** The largest size of about the same proportions that fits, as "512 × 768". */
function smallerSize(
  { width, height }: { width: number; height: number },
  fits: (size: { width: number; height: number }) => boolean,
): string | undefined {
  const scaled = (length: number, part: number) =>
    Math.max(SIZE_MIN, Math.floor((length * part) / SIZE_ROUNDING) * SIZE_ROUNDING);
  for (let percent = 98; percent > 0; percent -= 2) {
    const size = { width: scaled(width, percent / 100), height: scaled(height, percent / 100) };
    if (size.width <= width && size.height <= height && fits(size)) return `${size.width} × ${size.height}`;
  }
  return undefined;
}
