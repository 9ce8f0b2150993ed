/** @file What the server does for a kind of job: checks what was asked for before it is queued, and finds what its worker needs when it begins. */
import type { CheckpointRef, ContextOf, JobKind, SettingsOf } from "@lexeme/domain/jobs";
import type { DataFolders } from "../data-folder.ts";
import type { Libraries } from "../library/libraries.ts";
import type { StoredJob } from "./store/job-row.ts";

/** What jobs are checked against and made of. */
export interface JobSources extends Libraries {
  readonly folders: DataFolders;
  /** What jobs may hold. */
  readonly memoryBytes: number;
}

/** What was decided of a job when it was queued, besides its settings. */
export type JobOrders = Pick<StoredJob, "id" | "checkpoint" | "options" | "delivery">;

/** The settings may go on from what an earlier attempt saved; nothing else of the job has changed since. */
export interface OrderedJob<S> extends JobOrders {
  readonly settings: S;
}

export interface ServerJob<K extends JobKind> {
  /** Throws a LexemeError with `details.field`; resolves with the name of the checkpoint to use, null where none is needed. */
  validate(settings: SettingsOf<K>, sources: JobSources): Promise<string | null>;
  /** As things are when the job begins. Throws a LexemeError for what went away since it was queued. */
  context(job: OrderedJob<SettingsOf<K>>, sources: JobSources): Promise<ContextOf<K>>;
}

/** The checkpoint with the VAE of that setting. Throws LexemeError `CHECKPOINT_MISSING`, `CHECKPOINT_UNUSABLE`, `VAE_MISSING`. */
export async function checkpointWithVae(
  name: string | null,
  vae: string,
  { checkpoints, vaes }: Pick<JobSources, "checkpoints" | "vaes">,
): Promise<CheckpointRef> {
  const checkpoint = await checkpoints.ref(name);
  return { ...checkpoint, vae: await vaes.ref(vae, checkpoint) };
}
