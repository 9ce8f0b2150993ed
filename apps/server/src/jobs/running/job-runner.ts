/** @file Runs one job on its lane's worker: stores the worker's messages in the list, publishes them as events, and ends the job by the rules. */
import { stat } from "node:fs/promises";
import {
  ArtifactSchema,
  JOB_KINDS,
  MetricPointSchema,
  isDrawnPicture,
  resumedFrom,
  savedStep,
  type Artifact,
  type JobRequest,
  type JobResults,
  type JobWork,
} from "@lexeme/domain/jobs";
import type { LibraryName } from "@lexeme/domain/libraries";
import { toWireError } from "@lexeme/protocol";
import type { EventLog } from "../../events/event-log.ts";
import { decide, type JobHappening, type JobStanding } from "../job-state.ts";
import { markedAsSent, sentFolder } from "../delivery.ts";
import { toJob, type StoredJob } from "../store/job-row.ts";
import type { JobStore } from "../store/job-store.ts";
import type { MetricStore } from "../store/metric-store.ts";
import { readable, readableError, readableProgress, readableResults } from "../store/readable.ts";
import type { JobMessage, WorkerOutcome, WorkerProcess } from "./worker-process.ts";

const LOG_LINES = 200;

export interface RunnerParts {
  store: JobStore;
  events: EventLog;
  metrics: MetricStore;
  worker: Pick<WorkerProcess, "run">;
  /** Holds the folders of jobs whose pictures are sent. */
  sentFolders: string;
  /** Adds the context that the worker needs. The request is the job's own, or continues from the job's last save. */
  workOf: (request: JobRequest, job: StoredJob) => Promise<JobWork>;
  /** The job's last save that is on the disk. */
  savedBy: SavedBy;
  /** The last step of the job whose results are on the disk. */
  reachedBy: ReachedBy;
  /** Called with the list that a job has changed: its folder may lie outside the watched folders, and watching may miss a file. */
  listChanged: (list: LibraryName) => void;
  /** Ids of jobs whose cancel was requested, and of jobs that the stopping server asked to end. Rows do not have these facts. */
  asked: { cancelling: Set<string>; interrupted: Set<string> };
  /** Title of the job that waits meanwhile, for a job that goes before its next step. */
  beside?: string | undefined;
}

/** Runs the job to its end. Resolves with true if its worker was lost and the job must be handed out again. */
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

/** The facts about a job that the rules need. */
export function standingOf(job: StoredJob, { asked, beside }: Pick<RunnerParts, "asked" | "beside">): JobStanding {
  const { state, attempt, stopping, id, delivery } = job;
  const { resumption } = JOB_KINDS[job.request.kind];
  return {
    resumption: resumption && { interrupted: resumption.interrupted(savedStep(job.request, job.results)) },
    state,
    attempt,
    stopping,
    cancelling: asked.cancelling.has(id),
    interrupted: asked.interrupted.has(id),
    sent: delivery === "send",
    beside,
  };
}

type ReachedBy = (job: StoredJob) => Promise<number | undefined>;

type SavedBy = (job: StoredJob) => Promise<Artifact | undefined>;

/**
 * The job's last save that is still on the disk, or null; the job can continue from it. A process can be killed after it wrote a file and
 * before it reported the file, so the disk is searched too.
 */
async function lastSaved(job: StoredJob, savedBy: SavedBy): Promise<Artifact | null> {
  const saves = JOB_KINDS[job.request.kind].resumption?.saves ?? [];
  const found = await savedBy(job);
  const told = job.results.artifacts.filter(({ kind }) => saves.includes(kind));
  const saved = found === undefined ? told : [found, ...told];
  for (const artifact of saved.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0))) {
    const isThere = await stat(artifact.path).then(
      (file) => file.isFile(),
      () => false,
    );
    if (isThere) return artifact;
  }
  return null;
}

/** The same request, which continues from the last save of an earlier attempt. */
export async function resumed(job: StoredJob, savedBy: SavedBy): Promise<JobRequest> {
  const saved = await lastSaved(job, savedBy);
  return saved === null ? job.request : resumedFrom(job.request, saved);
}

async function runOnWorker(job: StoredJob, parts: RunnerParts): Promise<WorkerOutcome> {
  try {
    const work = await parts.workOf(job.attempt > 1 ? await resumed(job, parts.savedBy) : job.request, job);
    return await parts.worker.run({ type: "run", jobId: job.id, work }, (message) => note(message, parts));
  } catch (error) {
    // For example, the checkpoint was removed between queueing and starting.
    return { type: "failed", jobId: job.id, error: toWireError(error) };
  }
}

/** Stores and publishes a worker's message. JSON turns NaN and infinite numbers into null, so the message is checked like foreign data. */
function note(message: JobMessage, parts: RunnerParts): void {
  const { store, events, metrics } = parts;
  const job = store.get(message.jobId);
  if (job === undefined) return;
  switch (message.type) {
    case "progress": {
      const said = readableProgress(message.progress);
      const progress = said && store.note(job.id, { progress: said })?.progress;
      if (progress) events.publish({ type: "progress", jobId: job.id, progress });
      // A measurement is in the run's record before it is reported.
      if (progress?.fixedLoss?.step !== job.progress?.fixedLoss?.step) tellOfSaved(job, parts);
      return;
    }
    case "metrics": {
      const points = message.points.flatMap((point) => readable(MetricPointSchema, point) ?? []);
      metrics.add(job.id, points);
      events.publish({ type: "metrics", jobId: job.id, points });
      return;
    }
    case "artifact": {
      const said = readable(ArtifactSchema, message.artifact);
      if (said === undefined) return;
      const { results } = job;
      const artifacts = withArtifact(results.artifacts, markedAsSent(said, folderOf(job, parts)));
      const artifact = store.note(job.id, { results: { ...results, artifacts } })?.results.artifacts.at(-1);
      // An interrupted drawing goes on from its pictures, so these are written at once. Only a later error matters.
      if (isDrawnPicture(said)) void store.update(job.id, {}).catch(() => undefined);
      if (artifact !== undefined && artifact.sent !== true)
        events.publish({ type: "artifact", jobId: job.id, artifact });
      tellOfSaved(job, parts);
      return;
    }
    case "log": {
      const line = store.note(job.id, { logTail: [...job.logTail, message.line].slice(-LOG_LINES) })?.logTail.at(-1);
      if (line !== undefined) events.publish({ type: "log", jobId: job.id, lines: [line] });
      return;
    }
    case "preview":
      events.publish(message);
      return;
  }
}

/** Announces a change of the list that shows the files that this kind saves before its end. */
function tellOfSaved({ request }: StoredJob, { listChanged }: RunnerParts): void {
  const { resumption } = JOB_KINDS[request.kind];
  if (resumption !== null) listChanged(resumption.list);
}

function folderOf({ id }: StoredJob, { sentFolders }: RunnerParts): string {
  return sentFolder(sentFolders, id);
}

/** The job's results with its last save on the disk, which it may not have reported. */
export async function withLastSave(job: StoredJob, savedBy: SavedBy): Promise<JobResults> {
  const saved = await savedBy(job).catch(() => undefined);
  const { artifacts } = job.results;
  if (saved === undefined || artifacts.some(({ path }) => path === saved.path)) return job.results;
  return { ...job.results, artifacts: [...artifacts, saved] };
}

async function settle(jobId: string, outcome: WorkerOutcome, parts: RunnerParts): Promise<boolean> {
  const { store, events, asked } = parts;
  let job = store.get(jobId);
  if (job === undefined) return false;
  // The message of an interrupted job says what it saved.
  if (asked.interrupted.has(jobId)) job = store.note(jobId, { results: await withLastSave(job, parts.savedBy) }) ?? job;
  const verdict = decide(standingOf(job, parts), happeningOf(outcome));
  asked.cancelling.delete(jobId);
  const again = verdict.state === "queued";
  const settled = await store.update(jobId, {
    state: verdict.state,
    attempt: verdict.attempt,
    error: readableError(verdict.error),
    stopping: false,
    finishedAt: again ? null : Date.now(),
    ...(verdict.losesTurn && { first: false }),
    ...(outcome.type === "done" && {
      results: mergeResults(job.results, readableResults(outcome.results), folderOf(job, parts)),
    }),
  });
  events.publish({ type: "job", job: toJob(settled) });
  const { list } = JOB_KINDS[job.request.kind];
  if (list !== null) parts.listChanged(list);
  tellOfSaved(job, parts);
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

/** The worker's final results, together with results of earlier attempts and messages that it does not repeat. */
function mergeResults(before: JobResults, last: JobResults, folder: string): JobResults {
  const artifacts = last.artifacts.map((one) => markedAsSent(one, folder)).reduce(withArtifact, before.artifacts);
  return { ...before, ...last, artifacts };
}

function withArtifact(artifacts: readonly Artifact[], artifact: Artifact): Artifact[] {
  return [...artifacts.filter(({ path, kind }) => path !== artifact.path || kind !== artifact.kind), artifact];
}
