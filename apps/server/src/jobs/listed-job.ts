/** @file Jobs as lists show them: long jobs are shortened, so that the first message to a page stays small however long the jobs are. */
import type { JobRequest, JobResults } from "@lexeme/domain/jobs";
import { CUT_MARK, type Job } from "@lexeme/protocol";
import { toJob, type StoredJob } from "./store/job-row.ts";

/** The limits in characters of JSON: a longer job is shortened, and in a longer list the older jobs keep only the beginnings of their texts. */
const MAX_JOB = 8_000;
const MAX_LIST = 1_000_000;
/** About the length of a drawing in its shortest form; this much of the list is reserved for each job. */
const BARE_JOB = 2_000;

/** The parts that a shortened job keeps. Numbers, and the paths of the kept artifacts, stay whole. */
interface Limits {
  /** Characters of each text. */
  text: number;
  /** The first entries of each list in the settings. */
  entries: number;
  /** The newest artifacts. */
  artifacts: number;
  /** The last lines of the log; the first warnings and skipped files. */
  lines: number;
}

const SHORT: Limits = { text: 500, entries: 50, artifacts: 40, lines: 20 };
const BARE: Limits = { text: 60, entries: 5, artifacts: 2, lines: 1 };

interface Listed {
  job: Job;
  /** Characters of JSON. */
  length: number;
}

/** A change replaces the job's object, so each object is converted only once for each form. */
const listed = new WeakMap<StoredJob, Listed>();
const bare = new WeakMap<StoredJob, Listed>();

/** The jobs as lists show them, the newest first. Short jobs are complete while the list has room for them. */
export function toListedJobs(jobs: readonly StoredJob[]): Job[] {
  let left = MAX_LIST - jobs.length * BARE_JOB;
  return jobs.map((stored) => {
    const usual = remembered(listed, stored, usualForm);
    const { job, length } = usual.length - BARE_JOB <= left ? usual : remembered(bare, stored, bareForm);
    left -= length - BARE_JOB;
    return job;
  });
}

function remembered(known: WeakMap<StoredJob, Listed>, stored: StoredJob, make: (job: Job) => Listed): Listed {
  const made = known.get(stored) ?? make(toJob(stored));
  known.set(stored, made);
  return made;
}

function usualForm(job: Job): Listed {
  const whole = measured(job);
  return whole.length <= MAX_JOB ? whole : measured(shortened(job, SHORT));
}

function bareForm(job: Job): Listed {
  return measured(shortened(job, BARE));
}

function measured(job: Job): Listed {
  return { job, length: JSON.stringify(job).length };
}

function shortened({ request, title, progress, results, error, logTail, ...rest }: Job, limits: Limits): Job {
  const { text, lines } = limits;
  return {
    ...rest,
    request: { ...request, settings: cut(request.settings, limits) } as JobRequest,
    title: short(title, text),
    progress: progress && cut(progress, limits),
    results: shortResults(results, limits),
    error: error && { ...error, message: short(error.message, text), details: shortDetails(error.details, text) },
    logTail: logTail.slice(-lines).map((line) => short(line, text)),
    isShortened: true,
    imageCount: results.artifacts.filter(({ kind }) => kind === "image").length,
  };
}

/** The same value with its texts and lists cut. */
function cut<T>(value: T, limits: Limits): T {
  return cutAny(value, limits) as T;
}

function cutAny(value: unknown, limits: Limits): unknown {
  if (typeof value === "string") return short(value, limits.text);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, limits.entries).map((one) => cutAny(one, limits));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cutAny(one, limits)]));
}

function shortResults({ artifacts, warnings, skipped, folder, ...rest }: JobResults, limits: Limits): JobResults {
  const { text, lines } = limits;
  return {
    ...cut(rest, limits),
    ...(folder !== undefined && { folder }),
    artifacts: artifacts.slice(-limits.artifacts).map(({ infotext: _infotext, ...artifact }) => artifact),
    warnings: warnings.slice(0, lines).map((warning) => short(warning, text)),
    ...(skipped !== undefined && { skipped: skipped.slice(0, lines).map((one) => cut(one, limits)) }),
  };
}

/** Keeps only the error's field. A page that opens the job gets all details. */
function shortDetails(details: Readonly<Record<string, unknown>> = {}, limit: number): Record<string, unknown> {
  const field = details["field"];
  return typeof field === "string" ? { field: short(field, limit) } : {};
}

function short(text: string, limit: number): string {
  // The cut may leave half of a surrogate pair, which is removed.
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, "")}${CUT_MARK}`;
}
