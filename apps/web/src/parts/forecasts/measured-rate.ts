/** @file Forecasts a job's time from the times of earlier jobs on this machine; without a measurement no number is shown. */
import { LexemeError } from "@lexeme/core";
import { drawingPasses, pictureSize, type TrainSettings, type Txt2imgSettings } from "@lexeme/domain/settings";
import { axisRow, planXyzPlot, plotAsDrawing } from "@lexeme/domain/plot";
import { CUT_MARK, type Job } from "@lexeme/protocol";

/** Number of newest jobs looked at; the median of their rates ignores the job that had to load a checkpoint first. */
const JOBS_LOOKED_AT = 5;

/** Pictures that are more than this many times smaller or larger are not compared: time is not proportional to pixels over a wide range. */
const COMPARABLE = 8;

/** Expected seconds a training takes, by the last measured rate of this checkpoint; null when there is none. */
export function trainingSeconds(jobs: readonly Job[], settings: TrainSettings, steps: number): number | null {
  const work = trainingWork(settings);
  const rates = jobs.flatMap((job) => {
    if (job.request.kind !== "train-embedding" || !sameCheckpoint(job.request.settings, settings)) return [];
    const seconds = job.progress?.secondsPerStep;
    const done = trainingWork(job.request.settings);
    return seconds && isComparable(done, work) ? [seconds / done] : [];
  });
  const rate = median(rates);
  return rate === null ? null : rate * work * steps;
}

/** Expected seconds until the last picture is saved; null when nothing comparable was drawn before. */
export function drawingSeconds(jobs: readonly Job[], settings: Txt2imgSettings): number | null {
  const work = pictureWork(settings);
  const rates = jobs.flatMap((job) => {
    const drawing = job.state === "done" ? drawingOf(job) : undefined;
    if (drawing === undefined || !sameCheckpoint(drawing, settings)) return [];
    if (job.startedAt === null || job.finishedAt === null || picturesOf(job) < countOf(drawing)) return [];
    const done = pictureWork(drawing);
    const seconds = (job.finishedAt - job.startedAt) / 1000;
    return isComparable(done, work) ? [seconds / (done * countOf(drawing))] : [];
  });
  const rate = median(rates);
  return rate === null ? null : rate * work * countOf(settings);
}

/** The settings of a drawing; undefined for other kinds of job, and for a plot of several checkpoints, which spends most of its time opening them. */
function drawingOf({ request, isShortened }: Job): Txt2imgSettings | undefined {
  if (request.kind === "txt2img") return request.settings;
  if (request.kind !== "xyz-plot") return undefined;
  const { settings } = request;
  // A list may have cut the values, which then do not give the number of pictures.
  const values = [settings.xValues, settings.yValues, settings.zValues];
  if (isShortened === true && values.some((text) => text.endsWith(CUT_MARK))) return undefined;
  if ([settings.xType, settings.yType, settings.zType].some((type) => axisRow(type).isSlow)) return undefined;
  try {
    return plotAsDrawing(settings, planXyzPlot(settings));
  } catch (error) {
    // The job is of an earlier version, which had other rules.
    if (error instanceof LexemeError) return undefined;
    throw error;
  }
}

/** How many pictures the job has drawn; a list may have left some of them out. */
function picturesOf({ imageCount, results }: Job): number {
  return imageCount ?? results.artifacts.filter(({ kind }) => kind === "image").length;
}

function countOf({ nIter, batchSize }: Txt2imgSettings): number {
  return nIter * batchSize;
}

function isComparable(done: number, asked: number): boolean {
  return done <= asked * COMPARABLE && asked <= done * COMPARABLE;
}

/** Pixels that one optimizer step sees. */
function trainingWork(settings: TrainSettings): number {
  return settings.batchSize * settings.gradientStep * settings.trainingWidth * settings.trainingHeight;
}

/** Pixels times steps of one picture, of both passes; decoding counts as four steps, about its cost beside SD 1.x's UNet. */
function pictureWork(settings: Txt2imgSettings): number {
  const { width, height } = pictureSize(settings);
  const sampling = drawingPasses(settings).map((pass) => pass.width * pass.height * pass.steps);
  return sampling.reduce((sum, work) => sum + work, 4 * width * height);
}

function sameCheckpoint(one: { checkpoint: string | null }, other: { checkpoint: string | null }): boolean {
  return one.checkpoint === null || other.checkpoint === null || one.checkpoint === other.checkpoint;
}

/** Median of the first few: jobs come newest first. */
function median(rates: readonly number[]): number | null {
  const sorted = rates.slice(0, JOBS_LOOKED_AT).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
