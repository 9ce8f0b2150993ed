/** @file A job as lists show it: a long job is shortened, so that the first message to a page stays small. */
import type { JobRequest, JobResults } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { toJob, type StoredJob } from "./store/job-row.ts";

/** The limit in characters of JSON. A hundred jobs of that length are less than a megabyte. */
const MAX_LENGTH = 8_000;
const MAX_TEXT = 500;
const MAX_ARTIFACTS = 200;
const MAX_LINES = 20;

/** A change replaces the job's object, so each object is converted only once. */
const listed = new WeakMap<StoredJob, Job>();

/** The job as lists show it; a short job is complete. */
export function toListedJob(stored: StoredJob): Job {
  const known = listed.get(stored);
  if (known !== undefined) return known;
  const job = toJob(stored);
  const made = JSON.stringify(job).length <= MAX_LENGTH ? job : shortened(job);
  listed.set(stored, made);
  return made;
}

function shortened({ request, progress, results, error, logTail, ...rest }: Job): Job {
  return {
    ...rest,
    request: { ...request, settings: shortPrompts(request.settings) } as JobRequest,
    progress: progress && { ...progress, ...(progress.prompt !== undefined && { prompt: short(progress.prompt) }) },
    results: shortResults(results),
    error: error && { ...error, message: short(error.message), details: shortDetails(error.details) },
    logTail: logTail.slice(-MAX_LINES).map(short),
    isShortened: true,
  };
}

/** Shortens the prompts, the only long texts among the settings. A plot's values are not cut, because the page reads them. */
function shortPrompts(settings: object): object {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]: [string, unknown]) => [
      name,
      /prompt$/iu.test(name) && typeof value === "string" ? short(value) : value,
    ]),
  );
}

function shortResults({ artifacts, warnings, skipped, ...rest }: JobResults): JobResults {
  return {
    ...rest,
    artifacts: artifacts.slice(-MAX_ARTIFACTS).map(({ infotext: _infotext, ...artifact }) => artifact),
    warnings: warnings.slice(0, MAX_LINES).map(short),
    ...(skipped !== undefined && {
      skipped: skipped.slice(0, MAX_LINES).map(({ file, reason }) => ({ file, reason: short(reason) })),
    }),
    ...(rest.summary !== undefined && { summary: short(rest.summary) }),
  };
}

/** Keeps only the error's field, which is short. A page that opens the job gets all details. */
function shortDetails(details: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const field = details["field"];
  return typeof field === "string" ? { field } : {};
}

function short(text: string): string {
  // The cut may leave half of a surrogate pair, which is removed.
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
