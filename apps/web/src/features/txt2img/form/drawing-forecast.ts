/** @file The line under Generate, which says what the drawing will do. */
import { pictureSize, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { Job } from "@lexeme/protocol";
import { waitsForText } from "../../../parts/jobs/job-kinds.ts";
import { formatAbout, formatPlural } from "../../../ui/text/format.ts";

export interface DrawingForecast {
  /** Null while a field is at fault. */
  settings: Txt2imgSettings | null;
  /** Expected seconds by earlier jobs; null when nothing comparable was measured. */
  seconds: number | null;
  /** "3.1 of 20 GB"; null while it is not known. */
  memory: string | null;
  /** Jobs before this one on the device. */
  waitsFor: readonly Job[];
  /** The time until the running one of them ends; null while it is not known. */
  left: string | null;
  folder: string | null;
}

/** "4 pictures of 512 × 512 · about 2 min · 3.1 of 20 GB · saved in txt2img-images, overwrites nothing" */
export function forecastLine({ settings, seconds, memory, waitsFor, left, folder }: DrawingForecast): string {
  if (settings === null) return "Fill in the empty fields first";
  const count = settings.nIter * settings.batchSize;
  const { width, height } = pictureSize(settings);
  const folderName = folder?.split(/[\\/]/).findLast((part) => part !== "");
  return [
    `${formatPlural(count, "picture")} of ${width} × ${height}`,
    seconds === null ? null : formatAbout(seconds),
    memory,
    waitsForText(waitsFor, left),
    `saved in ${folderName ?? "the outputs folder"}, overwrites nothing`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
