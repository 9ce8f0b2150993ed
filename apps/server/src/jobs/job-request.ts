/** @file Prepares a job request before its schema checks it: refuses unknown settings and fills in missing settings from the options. */
import { LexemeError } from "@lexeme/core";
import { withOptions, type Options } from "@lexeme/domain/options";
import { JOB_KINDS, type JobKind } from "@lexeme/domain/jobs";
import { isObject } from "./store/readable.ts";

/**
 * The body of `POST /api/jobs`, with missing settings filled in from the options. The schema finds all other faults of the body.
 * Throws LexemeError `SETTING_UNKNOWN`, because a misspelt name that is silently ignored would give another picture than the user wants.
 */
export function completeJobRequest(body: unknown, options: Options): unknown {
  if (!isObject(body) || !isObject(body["settings"])) return body;
  const { kind, settings } = body;
  if (!isKind(kind)) return body;
  const { settings: schema } = JOB_KINDS[kind];
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown !== undefined) throw settingUnknown(unknown, { kind, known });
  return { ...body, settings: withOptions(schema, settings, options) };
}

function settingUnknown(name: string, { kind, known }: { kind: string; known: readonly string[] }) {
  const bare = bareName(name);
  const meant = known.find((one) => bareName(one) === bare);
  const advice = meant === undefined ? "leave it out" : `use "${meant}"`;
  return new LexemeError("SETTING_UNKNOWN", `A ${kind} job has no setting "${name}": ${advice}`, {
    details: { field: name },
  });
}

/** A1111's API has the same names with underscores. */
function bareName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function isKind(value: unknown): value is JobKind {
  return typeof value === "string" && Object.hasOwn(JOB_KINDS, value);
}
