/** @file The definition of a kind of job. `job-kinds.ts` derives the unions, types and tables over all kinds from it. */
import { z } from "zod";
import type { LibraryName } from "../libraries/library-names.ts";
import type { Artifact } from "./job.ts";
import type { Lane } from "./lane.ts";

/** The facts about a job that follow from its kind alone. `S`: its settings. */
export interface JobTraits<S> {
  /** The lane that jobs of this kind wait in. */
  readonly lane: Lane;
  /** The list that a job of this kind changes; null for a kind that changes no list. */
  readonly list: LibraryName | null;
  /** A short line for lists of jobs. */
  readonly title: (settings: S) => string;
  /** Set for a kind that saves its work on the way and can continue from it. */
  readonly resumption: Resumption<S> | null;
  /** Name of the embedding whose file the job replaces, and which no other job may change meanwhile; null for none. */
  readonly embeddingReplaced: (settings: S) => string | null;
  /** Whether a running job of this kind can wait between two steps while another job of its lane runs: rule S2 of the server's `jobs/SPEC.md`. */
  readonly pauses: boolean;
  /** A1111's name of such a job. */
  readonly a1111Job: string;
  /** The batches that the job draws; null for a kind whose progress has only steps. */
  readonly batches: (settings: S) => Batches | null;
  /** The settings with this checkpoint instead of the one chosen on the page; unchanged for a kind without a checkpoint. */
  readonly atCheckpoint: (settings: S, checkpoint: string) => S;
}

/** Batches of pictures that are drawn one after the other. */
export interface Batches {
  readonly count: number;
  /** The number of pictures in each. */
  readonly size: number;
  /** The number of steps of each. */
  readonly steps: number;
}

/**
 * A user stops a job that saves on the way instead of cancelling it. It saves its work when the server stops, and afterwards does not start
 * again by itself: rules E4 and R1 of the server's `jobs/SPEC.md`.
 */
export interface Resumption<S> {
  /** A sentence for the user: what remains of an interrupted job whose newest save is of this step, 0 if nothing was saved. */
  readonly interrupted: (savedStep: number) => string;
  /** The list that shows the files that the job saves before its end. */
  readonly list: LibraryName;
  /** Kinds of the artifacts that the job can continue from; it takes the artifact with the highest step. */
  readonly saves: readonly Artifact["kind"][];
  /** The settings of a job that continues from `saved`. */
  readonly from: (settings: S, saved: Artifact) => S;
}

/** A kind as its file declares it: properties with a usual value may be left out. */
export interface JobDeclaration<K extends string, S extends z.ZodObject> extends Pick<
  JobTraits<z.output<S>>,
  "lane" | "list" | "title"
> {
  /** Its name in requests, rows and messages. */
  readonly kind: K;
  readonly settings: S;
  readonly resumption?: Resumption<z.output<S>>;
  readonly embeddingReplaced?: (settings: z.output<S>) => string;
  readonly pauses?: boolean;
  readonly a1111Job?: string;
  readonly batches?: (settings: z.output<S>) => Batches;
}

/** A declared kind. `C`: its context, the facts that a worker needs besides the settings and that only the server knows. */
export interface JobDefinition<K extends string, S extends z.ZodObject, C> extends JobTraits<z.output<S>> {
  readonly kind: K;
  readonly settings: S;
  /** The request that a user sends: the kind and its settings. */
  readonly request: z.ZodObject<{ kind: z.ZodLiteral<K>; settings: S }>;
  /** Never set: this property only carries the type. */
  readonly context?: C;
}

/** Called in two steps, because the context's type is given and all other types are inferred. */
export function defineJob<C>() {
  return <const K extends string, S extends z.ZodObject>(declaration: JobDeclaration<K, S>): JobDefinition<K, S, C> => {
    const { kind, settings } = declaration;
    const hasCheckpoint = "checkpoint" in settings.shape;
    return {
      resumption: null,
      embeddingReplaced: () => null,
      pauses: false,
      a1111Job: kind,
      batches: () => null,
      ...declaration,
      request: z.object({ kind: z.literal(kind), settings }),
      atCheckpoint: (given, checkpoint) => (hasCheckpoint ? { ...given, checkpoint } : given),
    };
  };
}
