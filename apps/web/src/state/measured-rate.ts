/** @file How long a job will take by what earlier jobs took on this machine: no figure is shown that was not measured here. */
import { hiresSize, type Job, type TrainSettings, type Txt2imgSettings } from "@lexeme/protocol";

/** Newest jobs looked at; the median of their rates leaves out the one that had to load a checkpoint first. */
const JOBS_LOOKED_AT = 5;

/** Pictures of another size than this many times smaller or larger tell too little: time is not proportional to pixels over a wide range. */
const COMPARABLE = 8;

/** Expected seconds a training takes, by the last measured rate of this checkpoint; null when there is none. */
export function trainingSeconds(jobs: readonly Job[], settings: TrainSettings, steps: number): number | null {
  const work = trainingWork(settings);
  const rates = jobs.flatMap((job) => {
    if (job.request.kind !== "train-embedding" || !sameCheckpoint(job.request.settings, settings)) return [];
    const seconds = job.progress?.secondsPerStep;
    return seconds ? comparable(seconds, trainingWork(job.request.settings), work) : [];
  });
  const rate = median(rates);
  return rate === null ? null : rate * work * steps;
}

/** Expected seconds until the last picture is saved; null when nothing comparable was drawn before. */
export function drawingSeconds(jobs: readonly Job[], settings: Txt2imgSettings): number | null {
  const work = drawingWork(settings);
  const rates = jobs.flatMap((job) => {
    if (job.request.kind !== "txt2img" || job.state !== "done" || !sameCheckpoint(job.request.settings, settings))
      return [];
    const asked = job.request.settings.nIter * job.request.settings.batchSize;
    const pictures = job.results.artifacts.filter(({ kind }) => kind === "image").length;
    if (job.startedAt === null || job.finishedAt === null || pictures < asked) return [];
    const done = drawingWork(job.request.settings);
    return comparable((job.finishedAt - job.startedAt) / 1000, done, work);
  });
  const rate = median(rates);
  return rate === null ? null : rate * work;
}

function comparable(seconds: number, done: number, asked: number): number[] {
  return done <= asked * COMPARABLE && asked <= done * COMPARABLE ? [seconds / done] : [];
}

/** Pixels that one optimizer step sees. */
function trainingWork(settings: TrainSettings): number {
  return settings.batchSize * settings.gradientStep * settings.trainingWidth * settings.trainingHeight;
}

/** Pixels times steps, of both passes; decoding counts as four steps, which is about what it costs beside SD 1.x's UNet. */
function drawingWork(settings: Txt2imgSettings): number {
  const { width, height, steps, enableHr, hrSecondPassSteps } = settings;
  const first = width * height * steps;
  const { final } = hiresSize(settings);
  const pixels = enableHr ? final.width * final.height : width * height;
  const second = enableHr ? pixels * (hrSecondPassSteps === 0 ? steps : hrSecondPassSteps) : 0;
  return settings.nIter * settings.batchSize * (first + second + 4 * pixels);
}

function sameCheckpoint(one: { checkpoint: string | null }, other: { checkpoint: string | null }): boolean {
  return one.checkpoint === null || other.checkpoint === null || one.checkpoint === other.checkpoint;
}

/** Median of the first few: jobs come newest first. */
function median(rates: readonly number[]): number | null {
  const sorted = rates.slice(0, JOBS_LOOKED_AT).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
