/** @file The line under the Train button, which says what the training will do. */
import type { TrainSettings } from "@lexeme/domain/settings";
import type { Job } from "@lexeme/protocol";
import { waitsForText } from "../../../parts/jobs/job-kinds.ts";
import { formatAbout, formatCount, formatPlural } from "../../../ui/text/format.ts";

export interface TrainingForecast {
  /** Null while a field is at fault. */
  settings: TrainSettings | null;
  /** The training begins after this step: 0, or the step of the embedding or copy that it goes on from. */
  from: number;
  /** Step at which the schedule ends the training. */
  scheduleEnd: number;
  /** Expected seconds for a number of steps, by earlier jobs; null when nothing was measured. */
  secondsFor: (steps: number) => number | null;
  /** "3.1 of 20 GB"; null while it is not known. */
  memory: string | null;
  /** Jobs before this one on the device. */
  waitsFor: readonly Job[];
  /** Steps of the embedding that a training from an earlier copy replaces; null if the training continues from the embedding. */
  replacedStep: number | null;
  /** File name of the embedding, such as "mira.pt". */
  embeddingFile: string | null;
}

/** "2,000 steps · about 14 min · 3.1 of 20 GB · 20 previews and 20 copies · updates mira.pt, overwrites nothing else" */
export function trainingLine(forecast: TrainingForecast): string {
  const { settings, from, scheduleEnd, secondsFor, memory, waitsFor, replacedStep, embeddingFile } = forecast;
  if (settings === null) return "Fill in the missing fields above first";
  const end = Math.min(settings.steps, scheduleEnd);
  const steps = end - from;
  const seconds = secondsFor(steps);
  return [
    from > 0 ? `Steps ${formatCount(from + 1)} to ${formatCount(end)}` : formatPlural(steps, "step"),
    scheduleEnd < settings.steps ? "the schedule ends before Max steps" : null,
    seconds === null ? null : formatAbout(seconds),
    memory,
    filesLine(settings, from, end),
    waitsForText(waitsFor),
    embeddingFile === null ? "overwrites nothing" : `updates ${embeddingFile}, overwrites nothing else`,
    replacedStep === null ? null : `its step ${formatCount(replacedStep)} stays as a copy`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function filesLine(settings: TrainSettings, from: number, end: number): string | null {
  const times = (every: number) => (every === 0 ? 0 : Math.floor(end / every) - Math.floor(from / every));
  const { createImageEvery, saveEmbeddingEvery } = settings;
  // A preview of step 0 comes first, and the last step always has a copy.
  const previews = times(createImageEvery) + (createImageEvery > 0 && from === 0 ? 1 : 0);
  const copies = times(saveEmbeddingEvery) + (saveEmbeddingEvery > 0 && end % saveEmbeddingEvery === 0 ? 0 : 1);
  const parts = [
    previews > 0 ? formatPlural(previews, "preview") : null,
    copies > 0 ? formatPlural(copies, "copy", "copies") : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" and ");
}
