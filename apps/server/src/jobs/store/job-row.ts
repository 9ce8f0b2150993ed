/** @file A job as a row of the table, and back: whatever was written is storable, and what is read is a job or set aside. */
import { JobRequestSchema, JOB_STATES, LANES } from "@lexeme/domain/jobs";
import { OPTION_NAMES, OptionsSchema, type Options } from "@lexeme/domain/options";
import type { Job } from "@lexeme/protocol";
import { DELIVERIES, type Delivery } from "../delivery.ts";
import type { jobTable } from "./job-table.ts";
import { readableError, readableProgress, readableResults, textsOf } from "./readable.ts";
import { issueSentence } from "../../plugins/schema-issue.ts";

/** What whoever asks for a job may choose besides its settings. */
export interface JobTerms {
  /** Options that this job has otherwise than everybody. */
  options: Partial<Options>;
  delivery: Delivery;
}

/** A job and what only the server knows of it. */
export interface StoredJob extends Job, JobTerms {
  /** Name of the checkpoint chosen when it was queued. */
  checkpoint: string | null;
}

type Row = typeof jobTable.$inferSelect;

export function toRow(job: StoredJob): Row {
  return { ...job, kind: job.request.kind };
}

/**
 * The row's job; what of its progress and results cannot be read is left out. A row whose settings or state this version does not know, as one
 * that a newer version wrote, is no job: the reason is returned instead.
 */
export function readRow({ kind: _kind, ...row }: Row): StoredJob | { unreadable: string } {
  // Jobs of an earlier version lack the settings that came since, and name their phase in words.
  const request = JobRequestSchema.safeParse(row.request);
  if (!request.success) {
    const [issue] = request.error.issues;
    return { unreadable: issueSentence(issue!, issue!.path.join(".")) };
  }
  if (!JOB_STATES.includes(row.state)) return { unreadable: `there is no state "${row.state}"` };
  if (!LANES.includes(row.lane)) return { unreadable: `there is no lane "${row.lane}"` };
  if (!DELIVERIES.includes(row.delivery)) return { unreadable: `there is no delivery "${row.delivery}"` };
  return {
    ...row,
    request: request.data,
    options: readableOptions(row.options),
    progress: readableProgress(row.progress),
    results: readableResults(row.results),
    error: readableError(row.error),
    logTail: textsOf(row.logTail),
  };
}

/** Options that there are, with values that they can have. */
export function readableOptions(value: Readonly<Record<string, unknown>>): Partial<Options> {
  const known = OPTION_NAMES.flatMap((name) => {
    const parsed = Object.hasOwn(value, name) ? OptionsSchema.shape[name].safeParse(value[name]) : undefined;
    return parsed?.success === true ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(known);
}

/** Its pictures on their way to a program are no matter of the page's; the summary says that there were some. */
export function toJob({ checkpoint: _checkpoint, options: _options, delivery: _delivery, ...job }: StoredJob): Job {
  const { artifacts, summary } = job.results;
  const kept = artifacts.filter(({ sent }) => sent !== true);
  if (kept.length === artifacts.length) return job;
  const what = kept.length === 0 ? "sent" : "what is unfinished was sent";
  const told = [summary, `${what} to the program that asked, and not kept`].filter(Boolean).join("; ");
  return { ...job, results: { ...job.results, artifacts: kept, ...(job.state === "done" && { summary: told }) } };
}
