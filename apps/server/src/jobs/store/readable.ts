/** @file Reads values that may not fit the schemas (rows of another version, a loss that is not a number) and keeps the parts that fit. */
import {
  ArtifactSchema,
  JobProgressSchema,
  JobResultsSchema,
  type JobProgress,
  type JobResults,
} from "@lexeme/domain/jobs";
import { WireErrorSchema, toWireError, type WireError } from "@lexeme/protocol";
import type { z } from "zod";

/** The value without the entries that the schema refuses; undefined if the schema requires one of them. */
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

/** The results without the artifacts, warnings and other entries that cannot be read. */
export function readableResults(value: unknown): JobResults {
  const { artifacts, warnings, ...rest } = isObject(value) ? value : {};
  return {
    ...readable(LastWordsSchema, rest),
    artifacts: listOf(artifacts).flatMap((one) => readable(ArtifactSchema, one) ?? []),
    warnings: textsOf(warnings),
  };
}

/** Null stays null. An error that cannot be read becomes a general error. */
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

/** Whether the JSON value is an object, and neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
