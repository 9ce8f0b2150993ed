/** @file What a kind of job says of itself. Unions, types and tables over all kinds are derived from it in `job-kinds.ts`. */
import { z } from "zod";
import type { LibraryName } from "../libraries/library-names.ts";
import type { Artifact } from "./job.ts";
import type { Lane } from "./lane.ts";

/** What others may know of a job by its kind alone. `S`: its settings. */
export interface JobTraits<S> {
  /** Where it queues. */
  readonly lane: Lane;
  /** The list that a job of this kind changes; null for one that only answers. */
  readonly list: LibraryName | null;
  /** A short line for lists of jobs. */
  readonly title: (settings: S) => string;
  /** Present for a kind that saves on the way and goes on from there. */
  readonly resumption: Resumption<S> | null;
  /** Name of the embedding whose file the job replaces, which nobody else may touch meanwhile; null for none. */
  readonly embeddingReplaced: (settings: S) => string | null;
  /** The settings with that checkpoint in place of the one chosen at the time; as they are for a kind without one. */
  readonly atCheckpoint: (settings: S, checkpoint: string) => S;
}

/**
 * A job that saves on the way is stopped by hand rather than cancelled, saves when the server stops, and does not begin again by itself after
 * that: rules E4 and R1 of the server's SPEC.
 */
export interface Resumption<S> {
  /** What is left of a job that was interrupted, as a sentence for whoever started it. */
  readonly interrupted: string;
  /** Kinds of the artifacts that it goes on from; the one of the highest step counts. */
  readonly saves: readonly Artifact["kind"][];
  /** The settings of a job that goes on from `saved`. */
  readonly from: (settings: S, saved: Artifact) => S;
}

/** A kind as its file declares it: what has a usual value may be left out. */
export interface JobDeclaration<K extends string, S extends z.ZodObject> extends Pick<
  JobTraits<z.output<S>>,
  "lane" | "list" | "title"
> {
  /** Its name in requests, rows and messages. */
  readonly kind: K;
  readonly settings: S;
  readonly resumption?: Resumption<z.output<S>>;
  readonly embeddingReplaced?: (settings: z.output<S>) => string;
}

/** A declared kind. `C`: its context, what a worker needs besides the settings and only the server knows. */
export interface JobDefinition<K extends string, S extends z.ZodObject, C> extends JobTraits<z.output<S>> {
  readonly kind: K;
  readonly settings: S;
  /** What a user sends: the kind and its settings. */
  readonly request: z.ZodObject<{ kind: z.ZodLiteral<K>; settings: S }>;
  /** Never there: it carries the type. */
  readonly context?: C;
}

/** Called in two steps, for the context's type is given and all others are inferred. */
export function defineJob<C>() {
  return <const K extends string, S extends z.ZodObject>(declaration: JobDeclaration<K, S>): JobDefinition<K, S, C> => {
    const { kind, settings } = declaration;
    const hasCheckpoint = "checkpoint" in settings.shape;
    return {
      resumption: null,
      embeddingReplaced: () => null,
      ...declaration,
      request: z.object({ kind: z.literal(kind), settings }),
      atCheckpoint: (given, checkpoint) => (hasCheckpoint ? { ...given, checkpoint } : given),
    };
  };
}
