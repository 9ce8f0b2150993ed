/** @file A job's progress in the form of A1111's `shared.state`. */
import { parseInfotext } from "@lexeme/domain/infotext";
import { batchesOf, JOB_KINDS, countsSteps, PHASE_TEXTS, type Artifact, type JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { jobTimestamp } from "../job-timestamp.ts";

export interface SdapiState {
  skipped: boolean;
  interrupted: boolean;
  stopping_generation: boolean;
  job: string;
  job_count: number;
  job_timestamp: string;
  job_no: number;
  sampling_step: number;
  sampling_steps: number;
}

const IDLE: SdapiState = {
  skipped: false,
  interrupted: false,
  stopping_generation: false,
  job: "",
  job_count: 0,
  job_timestamp: "0",
  job_no: 0,
  sampling_step: 0,
  sampling_steps: 0,
};

/** For programs, `job_count` 0 with a progress of 0 means that no job runs. */
export function stateOf(job: Job | undefined): SdapiState {
  if (job === undefined) return IDLE;
  const { request, stopping, startedAt, createdAt } = job;
  const common = {
    ...IDLE,
    interrupted: stopping,
    stopping_generation: stopping,
    job: JOB_KINDS[request.kind].a1111Job,
    job_timestamp: jobTimestamp(startedAt ?? createdAt),
  };
  const { step, steps, image } = countOf(job);
  const batches = batchesOf(request);
  if (batches === null) return { ...common, job_count: Math.max(steps, 1), job_no: step };
  // Steps are counted over all batches.
  const perBatch = Math.max(Math.round(steps / batches.count), 1);
  const batch = Math.floor(((image?.index ?? 1) - 1) / batches.size);
  return {
    ...common,
    job_count: batches.count,
    job_no: batch,
    sampling_steps: steps === 0 ? batches.steps : perBatch,
    sampling_step: Math.min(Math.max(step - batch * perBatch, 0), perBatch),
  };
}

/** From 0 to 1; at least 0.01 for a running job, as in A1111. */
export function fractionOf(job: Job | undefined): number {
  if (job === undefined) return 0;
  const { step, steps } = countOf(job);
  return steps > 0 ? Math.min(0.01 + (0.99 * step) / steps, 1) : 0.01;
}

function countOf({ progress }: Job): Pick<JobProgress, "step" | "steps" | "image"> {
  return progress === null || !countsSteps(progress.phase) ? { step: 0, steps: 0 } : progress;
}

/** The job's current phase, as a text for people; for a training that has made a step, A1111's HTML with its figures and files. */
export function textOf(job: Job | undefined): string | null {
  if (job === undefined) return null;
  const { progress } = job;
  return progress?.loss === undefined ? PHASE_TEXTS[progress?.phase ?? "starting"] : figuresOf(job, progress.loss);
}

/** A1111's text before the first copy or picture is saved. */
const NOTHING_SAVED = "<none>";
/** A1111 gives a loss with this many decimals. */
const LOSS_DECIMALS = 7;

function figuresOf({ progress, results }: Job, loss: number): string {
  const newest = (kind: Artifact["kind"]): Artifact | undefined =>
    results.artifacts.findLast((artifact) => artifact.kind === kind);
  const { path: copy = NOTHING_SAVED } = newest("copy") ?? {};
  const preview = newest("preview");
  const { prompt = "" } = preview?.infotext === undefined ? {} : parseInfotext(preview.infotext);
  const figures = {
    Loss: loss.toFixed(LOSS_DECIMALS),
    Step: String(progress?.step ?? 0),
    "Last prompt": progress?.prompt ?? "",
    "Last saved embedding": copy,
    "Last saved image": preview === undefined ? NOTHING_SAVED : `${preview.path}, prompt: ${prompt}`,
  };
  const lines = Object.entries(figures).map(([name, value]) => `${name}: ${asHtml(value)}<br/>\n`);
  return `\n<p>\n${lines.join("")}</p>\n`;
}

/** The characters that Python's `html.escape` replaces. */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" } as const;

function asHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (letter) => ENTITIES[letter as keyof typeof ENTITIES]);
}
