/** @file Runs one job on its lane's worker: what the worker says goes into the list and out as events, how it ends is decided by the rules. */
import { stat } from "node:fs/promises";
import type { Artifact, JobContext, JobKind, JobRequest, JobResults } from "@lexeme/domain/jobs";
import { toWireError } from "@lexeme/protocol";
import type { EventLog } from "../events/event-log.ts";
import { decide, type JobHappening, type JobStanding } from "./job-state.ts";
import { toJob, type JobStore, type StoredJob } from "./job-store.ts";
import type { MetricStore } from "./metric-store.ts";
import type { JobMessage, WorkerOutcome, WorkerProcess } from "./worker-process.ts";

const LOG_LINES = 200;

/** The list that a finished job has changed. Its folder may lie outside those that are watched, and watching may miss a file. */
const LIST_OF = {
  "train-embedding": "embeddings",
  txt2img: "images",
  "xyz-plot": "images",
  preprocess: "datasets",
  notebook: null,
} as const satisfies Record<JobKind, string | null>;

export interface RunnerParts {
  store: JobStore;
  events: EventLog;
  metrics: MetricStore;
  worker: Pick<WorkerProcess, "run">;
  contextOf: (job: StoredJob) => Promise<JobContext>;
  /** What was asked of a running job and is not in its row. */
  asked: { cancelling: Set<string>; interrupted: Set<string> };
}

/** Runs the job to its end. Resolves with true when its worker was lost and it is to be handed out again. */
export async function runStoredJob(jobId: string, parts: RunnerParts): Promise<boolean> {
  const { store, events } = parts;
  const job = store.get(jobId);
  if (job === undefined || decide(standingOf(job, parts), { type: "taken" }).rule !== "S2") return false;
  const running = await store.update(jobId, {
    state: "running",
    startedAt: Date.now(),
    finishedAt: null,
    error: null,
    progress: null,
  });
  events.publish({ type: "job", job: toJob(running) });
  const outcome = await runOnWorker(running, parts);
  return settle(jobId, outcome, parts);
}

/** The standing of a job for the rules. */
export function standingOf(job: StoredJob, { asked }: Pick<RunnerParts, "asked">): JobStanding {
  const { state, attempt, stopping, id } = job;
  return {
    kind: job.request.kind,
    state,
    attempt,
    stopping,
    cancelling: asked.cancelling.has(id),
    interrupted: asked.interrupted.has(id),
  };
}

/** Path of the newest copy of a job's training that still lies on the disk, or null. Training goes on from it. */
export async function lastCopyOf(job: Pick<StoredJob, "results">): Promise<Artifact | null> {
  const saved = job.results.artifacts.filter(({ kind }) => kind === "copy" || kind === "embedding");
  for (const artifact of saved.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0))) {
    const isThere = await stat(artifact.path).then(
      (file) => file.isFile(),
      () => false,
    );
    if (isThere) return artifact;
  }
  return null;
}

/** The same request, going on from what a former attempt saved. */
export async function resumed(job: StoredJob): Promise<JobRequest> {
  const { request } = job;
  if (request.kind !== "train-embedding") return request;
  const copy = await lastCopyOf(job);
  if (copy === null) return request;
  // The embedding itself needs no path: its own step number counts.
  return { ...request, settings: { ...request.settings, resumeFrom: copy.kind === "embedding" ? null : copy.path } };
}

async function runOnWorker(job: StoredJob, parts: RunnerParts): Promise<WorkerOutcome> {
  try {
    const [request, context] = await Promise.all([job.attempt > 1 ? resumed(job) : job.request, parts.contextOf(job)]);
    return await parts.worker.run({ type: "run", jobId: job.id, request, context }, (message) => note(message, parts));
  } catch (error) {
    // The checkpoint went away between queueing and starting, for instance.
    return { type: "failed", jobId: job.id, error: toWireError(error) };
  }
}

function note(message: JobMessage, { store, events, metrics }: RunnerParts): void {
  const job = store.get(message.jobId);
  if (job === undefined) return;
  switch (message.type) {
    case "progress":
      store.note(job.id, { progress: message.progress });
      events.publish(message);
      return;
    case "metrics":
      metrics.add(job.id, message.points);
      events.publish(message);
      return;
    case "artifact":
      store.note(job.id, {
        results: { ...job.results, artifacts: withArtifact(job.results.artifacts, message.artifact) },
      });
      events.publish(message);
      return;
    case "log":
      store.note(job.id, { logTail: [...job.logTail, message.line].slice(-LOG_LINES) });
      events.publish({ type: "log", jobId: job.id, lines: [message.line] });
      return;
    case "preview":
      events.publish(message);
      return;
  }
}

async function settle(jobId: string, outcome: WorkerOutcome, parts: RunnerParts): Promise<boolean> {
  const { store, events, asked } = parts;
  const job = store.get(jobId);
  if (job === undefined) return false;
  const verdict = decide(standingOf(job, parts), happeningOf(outcome));
  asked.cancelling.delete(jobId);
  events.forgetPreview(jobId);
  const again = verdict.state === "queued";
  const settled = await store.update(jobId, {
    state: verdict.state,
    attempt: verdict.attempt,
    error: verdict.error ?? null,
    stopping: false,
    finishedAt: again ? null : Date.now(),
    ...(outcome.type === "done" ? { results: mergeResults(job.results, outcome.results) } : {}),
  });
  events.publish({ type: "job", job: toJob(settled) });
  const changed = LIST_OF[job.request.kind];
  if (changed !== null) events.publish({ type: "library", changed });
  return again && !asked.interrupted.has(jobId);
}

function happeningOf(outcome: WorkerOutcome): JobHappening {
  switch (outcome.type) {
    case "done":
      return { type: "worker done" };
    case "cancelled":
      return { type: "worker cancelled" };
    case "failed":
      return { type: "worker failed", error: outcome.error };
    case "lost":
      return { type: "worker lost", error: outcome.error };
  }
}

/** The worker's last word, and what a former attempt or an earlier message brought that it does not repeat. */
function mergeResults(before: JobResults, last: JobResults): JobResults {
  const artifacts = last.artifacts.reduce(withArtifact, before.artifacts);
  return { ...before, ...last, artifacts };
}

function withArtifact(artifacts: readonly Artifact[], artifact: Artifact): Artifact[] {
  return [...artifacts.filter(({ path, kind }) => path !== artifact.path || kind !== artifact.kind), artifact];
}
