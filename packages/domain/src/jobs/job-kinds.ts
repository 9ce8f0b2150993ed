/** @file The registry of kinds of jobs, and the types and tables derived from it. A new kind is added here once. */
import { z } from "zod";
import type { Batches, JobTraits } from "./define-job.ts";
import type { Artifact, JobResults } from "./job.ts";
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
/** The facts that a worker needs for a job besides its settings. */
export type ContextOf<K extends JobKind> = ContextByKind[K];

/** A user's request: a kind of job and its settings. For several kinds it is a union, so that the compiler keeps each pair together. */
export type JobRequest<K extends JobKind = JobKind> = { [P in K]: { kind: P; settings: SettingsOf<P> } }[K];

/** A request and its context: everything that a worker needs. */
export type JobWork<K extends JobKind = JobKind> = {
  [P in K]: { kind: P; settings: SettingsOf<P>; context: ContextOf<P> };
}[K];

/** The traits of each kind of job, by its name. The table is total: a new kind does not compile until it is in every such table. */
type TraitsByKind = { readonly [K in JobKind]: JobTraits<SettingsOf<K>> & { readonly settings: z.ZodObject } };
type RequestSchemas<D extends readonly { request: unknown }[]> = { -readonly [I in keyof D]: D[I]["request"] };

/** The traits of each kind. */
// Going through a list loses the entries' types: the two assertions here restate the types of DEFINITIONS.
export const JOB_KINDS = Object.fromEntries(DEFINITIONS.map((one) => [one.kind, one])) as unknown as TraitsByKind;

/** The body of `POST /api/jobs`. */
export const JobRequestSchema = z.discriminatedUnion(
  "kind",
  DEFINITIONS.map(({ request }) => request) as unknown as RequestSchemas<typeof DEFINITIONS>,
);

/** A short line for lists of jobs. */
export function jobTitle<K extends JobKind>({ kind, settings }: JobRequest<K>): string {
  return JOB_KINDS[kind].title(settings);
}

/** Name of the embedding whose file the job replaces when it ends. */
export function embeddingReplaced<K extends JobKind>({ kind, settings }: JobRequest<K>): string | null {
  return JOB_KINDS[kind].embeddingReplaced(settings);
}

/** Whether the waiting job can go before the next step of the running job: in the same lane, and only a kind that pauses waits for a kind that does not. */
export function canGoFirst(waiting: JobRequest, running: JobRequest): boolean {
  const [one, other] = [JOB_KINDS[waiting.kind], JOB_KINDS[running.kind]];
  return one.lane === other.lane && other.pauses && !one.pauses;
}

/** The batches that the job draws; null for a kind whose progress has only steps. */
export function batchesOf<K extends JobKind>({ kind, settings }: JobRequest<K>): Batches | null {
  return JOB_KINDS[kind].batches(settings);
}

/** The same request with this checkpoint; unchanged if its kind needs no checkpoint. */
export function atCheckpoint<K extends JobKind>({ kind, settings }: JobRequest<K>, checkpoint: string): JobRequest<K> {
  return { kind, settings: JOB_KINDS[kind].atCheckpoint(settings, checkpoint) };
}

/** The step of the job's newest save; 0 if it saved nothing, and for a kind that saves nothing before its end. */
export function savedStep({ kind }: JobRequest, { artifacts }: Pick<JobResults, "artifacts">): number {
  const saves = JOB_KINDS[kind].resumption?.saves ?? [];
  return Math.max(0, ...artifacts.filter((one) => saves.includes(one.kind)).map(({ step }) => step ?? 0));
}

/** The same request, continuing from the work that an earlier attempt saved; unchanged if its kind saves nothing. */
export function resumedFrom<K extends JobKind>({ kind, settings }: JobRequest<K>, saved: Artifact): JobRequest<K> {
  return { kind, settings: JOB_KINDS[kind].resumption?.from(settings, saved) ?? settings };
}
