/** @file The registry of how the page shows each kind of job. A new kind is named here once. */
import type { JobKind } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { JobView } from "./job-view.ts";
import { notebookView } from "./kinds/notebook.ts";
import { preprocessView } from "./kinds/preprocess.ts";
import { trainEmbeddingView } from "./kinds/train-embedding.ts";
import { txt2imgView } from "./kinds/txt2img.ts";
import { xyzPlotView } from "./kinds/xyz-plot.ts";

/** The table has every kind: a kind that the page cannot show does not compile. */
const JOB_VIEWS: { readonly [K in JobKind]: JobView } = {
  "train-embedding": trainEmbeddingView,
  txt2img: txt2imgView,
  "xyz-plot": xyzPlotView,
  preprocess: preprocessView,
  notebook: notebookView,
};

export function viewOf(job: Job): JobView {
  return JOB_VIEWS[job.request.kind];
}

/** "waits for the training of "mira" (about 12 min)": names the running job among `jobs`, else the first one. `left` is that job's time. Null without jobs. */
export function waitsForText(jobs: readonly Job[], left: string | null = null): string | null {
  const first = jobs.find(({ state }) => state === "running") ?? jobs[0];
  return first === undefined ? null : `waits for ${viewOf(first).name(first)}${left === null ? "" : ` (${left})`}`;
}
