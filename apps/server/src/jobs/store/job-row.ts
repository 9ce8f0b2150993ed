/** @file Converts a job to a row of the table, and a row to a job or to the reason why it cannot be read. */
import { JobRequestSchema, JOB_STATES, LANES } from "@lexeme/domain/jobs";
import { OPTION_NAMES, OptionsSchema, type Options } from "@lexeme/domain/options";
import type { Job } from "@lexeme/protocol";
import { DELIVERIES, type Delivery } from "../delivery.ts";
import type { jobTable } from "./job-table.ts";
import type { PortablePaths } from "../../portable-paths.ts";
import { isObject, readableError, readableProgress, readableResults, textsOf } from "./readable.ts";
import { issueSentence } from "../../plugins/schema-issue.ts";

/** The choices for a job besides its settings. */
export interface JobTerms {
  /** Options whose values for this job differ from the stored options. */
  options: Partial<Options>;
  delivery: Delivery;
}

/** A job with the facts that only the server knows. */
export interface StoredJob extends Job, JobTerms {
  /** Name of the checkpoint that was chosen when the job was queued. */
  checkpoint: string | null;
}

type Row = typeof jobTable.$inferSelect;

export function toRow(job: StoredJob, paths: PortablePaths): Row {
  return { ...paths.stored(job), kind: job.request.kind };
}

/**
 * The row's job, without the parts of its progress and results that cannot be read. If this version does not know the row's settings or state,
 * for example because a newer version wrote the row, the reason is returned instead.
 */
export function readRow({ kind: _kind, ...stored }: Row, paths: PortablePaths): StoredJob | { unreadable: string } {
  const row = paths.read(stored);
  // Jobs of an earlier version lack newer settings, and the phase in their progress is free text.
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

/** The entries that are known options with valid values. */
export function readableOptions(value: unknown): Partial<Options> {
  if (!isObject(value)) return {};
  const known = OPTION_NAMES.flatMap((name) => {
    const parsed = Object.hasOwn(value, name) ? OptionsSchema.shape[name].safeParse(value[name]) : undefined;
    return parsed?.success === true ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(known);
}

/** The job as pages get it, without the pictures that are sent to a program; the summary mentions these. */
export function toJob({ checkpoint: _checkpoint, options: _options, delivery, ...stored }: StoredJob): Job {
  const job: Job = { ...stored, ...(delivery !== "keep" && { byProgram: true }) };
  const { artifacts, summary } = job.results;
  const kept = artifacts.filter(({ sent }) => sent !== true);
  if (kept.length === artifacts.length) return job;
  const what = kept.length === 0 ? "sent" : "unfinished pictures were sent";
  const told = [summary, `${what} to the program that asked, and not kept`].filter(Boolean).join("; ");
  return { ...job, results: { ...job.results, artifacts: kept, ...(job.state === "done" && { summary: told }) } };
}
