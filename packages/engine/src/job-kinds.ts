/** @file The registry of the use case for each kind of job. A new kind is added here once. */
import type { JobKind, JobResults, JobWork } from "@lexeme/domain/jobs";
import { makeNotebook } from "./embeddings/notebook.ts";
import type { JobParts, JobRun } from "./job-run.ts";
import { preprocess } from "./preprocess/preprocess.ts";
import { trainEmbedding } from "./train-embedding/train-embedding.ts";
import { txt2img } from "./txt2img/txt2img.ts";
import { xyzPlot } from "./xyz-plot/xyz-plot.ts";

/** The table is total: a kind without a use case does not compile. */
const JOB_RUNS: { readonly [K in JobKind]: JobRun<K> } = {
  "train-embedding": trainEmbedding,
  txt2img,
  "xyz-plot": xyzPlot,
  preprocess,
  notebook: makeNotebook,
};

/** Runs the job with the use case of its kind. */
export function runJob<K extends JobKind>(
  { kind, settings, context }: JobWork<K>,
  parts: Omit<JobParts<K>, "context">,
): Promise<JobResults> {
  return JOB_RUNS[kind](settings, { ...parts, context });
}
