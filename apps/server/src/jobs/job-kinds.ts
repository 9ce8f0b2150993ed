/** @file The server's registry of job kinds. A new kind is added here once. */
import type { Artifact, JobKind, JobRequest, JobWork } from "@lexeme/domain/jobs";
import { notebookJob } from "./kinds/notebook.ts";
import { preprocessJob } from "./kinds/preprocess.ts";
import { trainEmbeddingJob } from "./kinds/train-embedding.ts";
import { txt2imgJob } from "./kinds/txt2img.ts";
import { xyzPlotJob } from "./kinds/xyz-plot.ts";
import type { JobOrders, JobSources, OrderedJob, ServerJob } from "./server-job.ts";

/** Total: the compiler reports a kind that is missing here. */
const SERVER_JOBS: { readonly [K in JobKind]: ServerJob<K> } = {
  "train-embedding": trainEmbeddingJob,
  txt2img: txt2imgJob,
  "xyz-plot": xyzPlotJob,
  preprocess: preprocessJob,
  notebook: notebookJob,
};

/** Checks a request. Throws a LexemeError with `details.field`; resolves with the name of the checkpoint to use, or null if the job needs none. */
export function validateJob<K extends JobKind>(
  { kind, settings }: JobRequest<K>,
  sources: JobSources,
): Promise<string | null> {
  return SERVER_JOBS[kind].validate(settings, sources);
}

/** The request with the context that its worker needs. Throws a LexemeError if a needed file was removed since the job was queued. */
export async function workOf<K extends JobKind>(
  { kind, settings }: JobRequest<K>,
  orders: JobOrders,
  sources: JobSources,
): Promise<JobWork<K>> {
  const context = await SERVER_JOBS[kind].context(ordered(settings, orders), sources);
  return { kind, settings, context };
}

/** The last step of the job whose results are on the disk; undefined if none is, as for a kind that writes no steps. */
export async function reachedBy<K extends JobKind>(
  { kind, settings }: JobRequest<K>,
  orders: JobOrders,
  sources: JobSources,
): Promise<number | undefined> {
  return SERVER_JOBS[kind].reached?.(ordered(settings, orders), sources);
}

/** The job's last save that is on the disk; undefined if there is none, as for a kind that saves nothing before its end. */
export async function savedBy<K extends JobKind>(
  { kind, settings }: JobRequest<K>,
  orders: JobOrders,
  sources: JobSources,
): Promise<Artifact | undefined> {
  return SERVER_JOBS[kind].saved?.(ordered(settings, orders), sources);
}

/** The facts of a whole job's row that its kind may use. */
function ordered<S>(settings: S, { id, checkpoint, options, delivery, results }: JobOrders): OrderedJob<S> {
  return { settings, id, checkpoint, options, delivery, results };
}
