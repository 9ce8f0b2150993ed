/** @file Reads what may not be as our schemas say (rows of another version, a loss that is no number) and keeps what is. */
import {
  ArtifactSchema,
  JobProgressSchema,
  JobResultsSchema,
  type JobProgress,
  type JobResults,
} from "@lexeme/domain/jobs";
import { WireErrorSchema, toWireError, type WireError } from "@lexeme/protocol";
import type { z } from "zod";

/** The value without the entries that the schema refuses; undefined where it needs them. */
export function readable<S extends z.ZodObject>(schema: S, value: unknown): z.output<S> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (!isObject(value)) return undefined;
  const refused = new Set(parsed.error.issues.map(({ path }) => path[0]));
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !refused.has(key)));
  return schema.safeParse(rest).data;
}

export function readableProgress(value: unknown): JobProgress | null {
  return readable(JobProgressSchema, value) ?? null;
}

const LastWordsSchema = JobResultsSchema.omit({ artifacts: true, warnings: true });

/** Artifacts and warnings that can be read, and whatever else of the results can. */
export function readableResults(value: unknown): JobResults {
  const { artifacts, warnings, ...rest } = isObject(value) ? value : {};
  return {
    ...readable(LastWordsSchema, rest),
    artifacts: listOf(artifacts).flatMap((one) => readable(ArtifactSchema, one) ?? []),
    warnings: textsOf(warnings),
  };
}

/** Null stays null; an error that cannot be read is an error all the same. */
export function readableError(value: unknown): WireError | null {
  if (value === null || value === undefined) return null;
  return readable(WireErrorSchema, value) ?? toWireError(value);
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === "string");
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
