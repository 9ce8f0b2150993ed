/** @file The registry of kinds of jobs, and the types and tables that follow from it. A new kind is named here once. */
import { z } from "zod";
import type { JobTraits } from "./define-job.ts";
import type { Artifact } from "./job.ts";
import { notebook } from "./kinds/notebook.ts";
import { preprocess } from "./kinds/preprocess.ts";
import { trainEmbedding } from "./kinds/train-embedding.ts";
import { txt2img } from "./kinds/txt2img.ts";
import { xyzPlot } from "./kinds/xyz-plot.ts";

const DEFINITIONS = [trainEmbedding, txt2img, xyzPlot, preprocess, notebook] as const;

type Definitions = { [D in (typeof DEFINITIONS)[number] as D["kind"]]: D };
export type JobKind = keyof Definitions;
type SettingsByKind = { [K in JobKind]: z.output<Definitions[K]["settings"]> };
type ContextByKind = { [K in JobKind]: NonNullable<Definitions[K]["context"]> };

export type SettingsOf<K extends JobKind> = SettingsByKind[K];
/** What a worker needs for a job besides its settings. */
export type ContextOf<K extends JobKind> = ContextByKind[K];

/** What a user asks for: a kind of job and its settings. Of several kinds it is a union, whose pairs the compiler keeps together. */
export type JobRequest<K extends JobKind = JobKind> = { [P in K]: { kind: P; settings: SettingsOf<P> } }[K];

/** A request and its context: all that a worker needs. */
export type JobWork<K extends JobKind = JobKind> = {
  [P in K]: { kind: P; settings: SettingsOf<P>; context: ContextOf<P> };
}[K];

/** A value for each kind of job, by its name. Total: a new kind does not compile until every such table has it. */
type TraitsByKind = { readonly [K in JobKind]: JobTraits<SettingsOf<K>> & { readonly settings: z.ZodObject } };
type RequestSchemas<D extends readonly { request: unknown }[]> = { -readonly [I in keyof D]: D[I]["request"] };

/** What each kind says of itself. */
// The entries' types are lost on the way through a list: these two assertions say again what DEFINITIONS says.
export const JOB_KINDS = Object.fromEntries(DEFINITIONS.map((one) => [one.kind, one])) as unknown as TraitsByKind;

/** The body of `POST /api/jobs`. */
export const JobRequestSchema = z.discriminatedUnion(
  "kind",
  DEFINITIONS.map(({ request }) => request) as unknown as RequestSchemas<typeof DEFINITIONS>,
);

/** A short line for lists. */
export function jobTitle<K extends JobKind>({ kind, settings }: JobRequest<K>): string {
  return JOB_KINDS[kind].title(settings);
}

/** Name of the embedding whose file the job replaces when it ends. */
export function embeddingReplaced<K extends JobKind>({ kind, settings }: JobRequest<K>): string | null {
  return JOB_KINDS[kind].embeddingReplaced(settings);
}

/** The same request on that checkpoint; as it is where its kind needs none. */
export function atCheckpoint<K extends JobKind>({ kind, settings }: JobRequest<K>, checkpoint: string): JobRequest<K> {
  return { kind, settings: JOB_KINDS[kind].atCheckpoint(settings, checkpoint) };
}

/** The same request, going on from what a former attempt saved; as it is where its kind saves nothing. */
export function resumedFrom<K extends JobKind>({ kind, settings }: JobRequest<K>, saved: Artifact): JobRequest<K> {
  return { kind, settings: JOB_KINDS[kind].resumption?.from(settings, saved) ?? settings };
}
