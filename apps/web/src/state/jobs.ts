/** @file All live data about jobs, fed by the socket, outside React. Components read it through narrow hooks. */
import { isFinished, thinPoints, type JobKind, type JobProgress, type MetricPoint } from "@lexeme/domain/jobs";
import type { Job, ServerEventBody } from "@lexeme/protocol";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { createStore, type StoreApi } from "zustand/vanilla";

/** The unfinished picture of a job. */
export interface LivePreview {
  dataUrl: string;
  step: number;
  steps: number;
}

export interface JobsState {
  /** Grows by one with every snapshot: data that was fetched outside the store before is stale. */
  generation: number;
  jobs: Record<string, Job>;
  /** The number of waiting jobs that are not among `jobs`. */
  unlisted: number;
  /** Newer than `jobs[id].progress`, and kept apart so that a step does not redraw components that show no step. */
  progress: Record<string, JobProgress>;
  metrics: Record<string, MetricPoint[]>;
  previews: Record<string, LivePreview>;
  logs: Record<string, string[]>;
}

const MOST_LOG_LINES = 500;
/** Above this number the points of a training are made half as many: a page can stay open beside it for days. */
const MOST_POINTS = 40_000;
/** The number of trainings whose points are kept; a chart that is opened again fetches its points. */
const MOST_CHARTS = 8;

const EMPTY: JobsState = { generation: 0, jobs: {}, unlisted: 0, progress: {}, metrics: {}, previews: {}, logs: {} };

export const jobsStore: StoreApi<JobsState> = createStore(() => EMPTY);

/** Replaces all jobs by the present ones; `unlisted` more jobs wait. */
export function applySnapshot(jobs: Job[], unlisted = 0): void {
  jobsStore.setState((state) => ({
    ...EMPTY,
    generation: state.generation + 1,
    jobs: Object.fromEntries(jobs.map((job) => [job.id, job])),
    unlisted,
    logs: Object.fromEntries(jobs.map((job) => [job.id, job.logTail])),
  }));
}

/** Takes in a batch of events with one change of the store. */
export function applyEvents(events: ServerEventBody[]): void {
  jobsStore.setState((state) => events.reduce(applyEvent, state));
}

/** Takes in a job from a call's answer, unless the socket has reported it: the socket's report is the newer one, whichever comes first. */
export function applyJob(job: Job): void {
  if (jobsStore.getState().jobs[job.id] === undefined) applyEvents([{ type: "job", job }]);
}

/** Puts a fetched job in the place of its shortened self, and keeps the events that came meanwhile. */
export function applyWholeJob(whole: Job): void {
  jobsStore.setState((state) => {
    const known = state.jobs[whole.id];
    // An event in between brought the whole job in a newer state.
    if (known?.isShortened !== true) return state;
    const results = joinArtifacts(whole, known);
    return {
      jobs: { ...state.jobs, [whole.id]: { ...whole, results } },
      logs: { ...state.logs, [whole.id]: joinLogs(whole.logTail, state.logs[whole.id] ?? []) },
    };
  });
}

/** The results of a whole job, and the artifacts that only its shortened, newer form has. */
export function joinArtifacts({ results }: Job, shortened: Job): Job["results"] {
  const paths = new Set(results.artifacts.map(({ path }) => path));
  const later = shortened.results.artifacts.filter(({ path }) => !paths.has(path));
  return { ...shortened.results, ...results, artifacts: [...results.artifacts, ...later] };
}

/** The fetched lines before the known ones, then the known ones. These may lack the very last line, which an event will bring. */
function joinLogs(whole: string[], known: string[]): string[] {
  const at = whole.findIndex((_, i) => known.every((line, j) => i + j >= whole.length || line === whole[i + j]));
  return at === -1 ? whole : [...whole.slice(0, at), ...known];
}

/** Puts fetched points before those that came by the socket meanwhile. */
export function mergeMetrics(jobId: string, points: MetricPoint[]): void {
  jobsStore.setState(({ metrics }) => ({
    metrics: withMetrics(metrics, jobId, joinMetrics(points, metrics[jobId] ?? [])),
  }));
}

function applyEvent(state: JobsState, event: ServerEventBody): JobsState {
  switch (event.type) {
    case "job": {
      const { job } = event;
      // A new job is queued first, so a job that is not known and not queued is one of the unlisted.
      const wasUnlisted = state.jobs[job.id] === undefined && job.state !== "queued";
      const next = {
        ...state,
        unlisted: wasUnlisted ? Math.max(0, state.unlisted - 1) : state.unlisted,
        jobs: { ...state.jobs, [job.id]: job },
        logs: state.logs[job.id] === undefined ? { ...state.logs, [job.id]: job.logTail } : state.logs,
      };
      // The row of a job that ended or was queued again is right; a live picture or step would only contradict it.
      return isFinished(job.state) || job.state === "queued" ? withoutLive(next, job.id) : next;
    }
    case "job-removed": {
      const { [event.jobId]: _job, ...jobs } = state.jobs;
      const { [event.jobId]: _metrics, ...metrics } = state.metrics;
      const { [event.jobId]: _log, ...logs } = state.logs;
      return withoutLive({ ...state, jobs, metrics, logs }, event.jobId);
    }
    case "progress":
      return { ...state, progress: { ...state.progress, [event.jobId]: event.progress } };
    case "metrics": {
      const joined = joinMetrics(state.metrics[event.jobId] ?? [], event.points);
      return { ...state, metrics: withMetrics(state.metrics, event.jobId, joined) };
    }
    case "artifact": {
      const job = state.jobs[event.jobId];
      if (job === undefined || job.results.artifacts.some(({ path }) => path === event.artifact.path)) return state;
      const results = { ...job.results, artifacts: [...job.results.artifacts, event.artifact] };
      return { ...state, jobs: { ...state.jobs, [job.id]: { ...job, results } } };
    }
    case "preview": {
      const { jobId, dataUrl, step, steps } = event;
      return { ...state, previews: { ...state.previews, [jobId]: { dataUrl, step, steps } } };
    }
    case "log": {
      const lines = [...(state.logs[event.jobId] ?? []), ...event.lines].slice(-MOST_LOG_LINES);
      return { ...state, logs: { ...state.logs, [event.jobId]: lines } };
    }
    case "library":
    case "system":
      return state;
  }
}

function withoutLive(state: JobsState, jobId: string): JobsState {
  const { [jobId]: _progress, ...progress } = state.progress;
  const { [jobId]: _preview, ...previews } = state.previews;
  return { ...state, progress, previews };
}

/** The points of a job beside those of the other jobs that got points last. */
function withMetrics(metrics: JobsState["metrics"], jobId: string, points: MetricPoint[]): JobsState["metrics"] {
  const { [jobId]: _before, ...others } = metrics;
  const kept = Object.entries(others).slice(1 - MOST_CHARTS);
  return {
    ...Object.fromEntries(kept),
    [jobId]: points.length > MOST_POINTS ? thinPoints(points, MOST_POINTS / 2) : points,
  };
}

/** `later` replaces all points from its first step on: a training that goes on from a copy repeats steps, and the new points count. */
function joinMetrics(earlier: MetricPoint[], later: MetricPoint[]): MetricPoint[] {
  const first = later[0];
  if (first === undefined) return earlier;
  const last = earlier.at(-1);
  if (last === undefined || last.step < first.step) return [...earlier, ...later];
  return [...earlier.filter(({ step }) => step < first.step), ...later];
}

/** Reads a narrow piece of the store; the component is drawn again only when that piece changes. */
export function useJobs<T>(select: (state: JobsState) => T): T {
  return useStore(jobsStore, select);
}

/** Progress of a job: live while it runs, else from its row. */
export function useJobProgress(id: string | null): JobProgress | null {
  return useJobs((state) => (id === null ? null : (state.progress[id] ?? state.jobs[id]?.progress ?? null)));
}

export function useJobPreview(id: string | null): LivePreview | null {
  return useJobs((state) => (id === null ? null : (state.previews[id] ?? null)));
}

const NO_LINES: string[] = [];

export function useJobLog(id: string): string[] {
  return useJobs((state) => state.logs[id] ?? NO_LINES);
}

/** The number of jobs in this state, including those that this page does not list. */
export function useJobCount(state: "running" | "queued"): number {
  return useJobs(({ jobs, unlisted }) => {
    const listed = Object.values(jobs).filter((job) => job.state === state).length;
    return state === "queued" ? listed + unlisted : listed;
  });
}

/** All jobs that fulfil `keep`, newest first. */
export function useJobList(keep: (job: Job) => boolean): Job[] {
  return useStore(
    jobsStore,
    useShallow((state) => newestFirst(state.jobs).filter(keep)),
  );
}

/** The newest job of a kind (that fulfils `keep`), whatever its state. */
export function useLatestJob(kind: JobKind, keep: (job: Job) => boolean = () => true): Job | null {
  return useJobs((state) => newestFirst(state.jobs).find((job) => job.request.kind === kind && keep(job)) ?? null);
}

/** The running job that the user most likely waits for: one on the device before any other, and not one that waits between two steps. */
export function useRunningJob(): Job | null {
  return useJobs(({ jobs, progress }) => {
    const running = newestFirst(jobs).filter((job) => job.state === "running");
    const onDevice = running.filter((job) => job.lane === "device");
    const computes = (job: Job) => (progress[job.id] ?? job.progress)?.phase !== "giving-way";
    return onDevice.find(computes) ?? onDevice[0] ?? running[0] ?? null;
  });
}

function newestFirst(jobs: Record<string, Job>): Job[] {
  return Object.values(jobs).sort((a, b) => b.createdAt - a.createdAt);
}
