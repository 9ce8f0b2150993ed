/** @file The server's part of a kind of job: checks a request before it is queued, and makes the worker's context when the job begins. */
import type { Artifact, CheckpointRef, ContextOf, JobKind, SettingsOf } from "@lexeme/domain/jobs";
import type { DataFolders } from "../data-folder.ts";
import type { Libraries } from "../library/libraries.ts";
import type { StoredJob } from "./store/job-row.ts";

/** The libraries and folders that jobs are checked against and made from. */
export interface JobSources extends Libraries {
  readonly folders: DataFolders;
  /** The memory that jobs may use. */
  readonly memoryBytes: number;
}

/** The facts about a job that were fixed when it was queued, besides its settings, and the results of earlier attempts. */
export type JobOrders = Pick<StoredJob, "id" | "checkpoint" | "options" | "delivery" | "results">;

/** The settings may continue from the save of an earlier attempt; the other facts are unchanged. */
export interface OrderedJob<S> extends JobOrders {
  readonly settings: S;
}

export interface ServerJob<K extends JobKind> {
  /** Throws a LexemeError with `details.field`; resolves with the name of the checkpoint to use, or null if the job needs none. */
  validate(settings: SettingsOf<K>, sources: JobSources): Promise<string | null>;
  /** Makes the worker's context when the job begins. Throws a LexemeError if a needed file was removed since the job was queued. */
  context(job: OrderedJob<SettingsOf<K>>, sources: JobSources): Promise<ContextOf<K>>;
  /** For a kind that notes its steps: the job's last step that is on the disk, whether it was reported or not. */
  reached?(job: OrderedJob<SettingsOf<K>>, sources: JobSources): Promise<number | undefined>;
  /** For a kind that saves before its end: the job's last save that is on the disk, whether it was reported or not. */
  saved?(job: OrderedJob<SettingsOf<K>>, sources: JobSources): Promise<Artifact | undefined>;
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
