/** @file What was sent as a job before its schema sees it: unknown names are refused, and the options fill in what is left out. */
import { LexemeError } from "@lexeme/core";
import { withOptions, type Options } from "@lexeme/domain/options";
import { JobRequestSchema, type JobKind } from "@lexeme/domain/jobs";

/** Names of the settings of each kind of job. */
const SETTINGS_OF = new Map<unknown, readonly string[]>(
  JobRequestSchema.options.map(({ shape }) => [shape.kind.value, Object.keys(shape.settings.shape)]),
);

type Entries = Readonly<Record<string, unknown>>;

/**
 * The body of `POST /api/jobs` with the options' values where its settings say nothing. Whatever else is wrong with it is left to the
 * schema. Throws LexemeError `SETTING_UNKNOWN`: a misspelt name that is passed over in silence would give another picture than was asked for.
 */
export function completeJobRequest(body: unknown, options: Options): unknown {
  if (!isObject(body) || !isObject(body["settings"])) return body;
  const { kind, settings } = body;
  const known = SETTINGS_OF.get(kind);
  if (known === undefined) return body;
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown !== undefined) throw settingUnknown(unknown, { kind: String(kind), known });
  return { ...body, settings: withOptions(kind as JobKind, settings, options) };
}

function settingUnknown(name: string, { kind, known }: { kind: string; known: readonly string[] }) {
  const bare = bareName(name);
  const meant = known.find((one) => bareName(one) === bare);
  const advice = meant === undefined ? "leave it out" : `it is "${meant}" here`;
  return new LexemeError("SETTING_UNKNOWN", `A ${kind} job has no setting "${name}": ${advice}`, {
    details: { field: name },
  });
}

/** A1111's API has the same names with underscores. */
function bareName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function isObject(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
