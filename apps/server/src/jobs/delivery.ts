/** @file Decides where a job's pictures go: into the outputs folder, or into the job's own folder until they are sent to the program that asked for them. */
import { readdir, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Artifact, ContextOf } from "@lexeme/domain/jobs";
import type { Options } from "@lexeme/domain/options";
import type { DataFolders } from "../data-folder.ts";

/**
 * `keep`: the pictures go into the outputs folder, as for every job of the page. `keep and send`: the same, but unfinished pictures that the options
 * do not keep go into the job's own folder. `send`: all pictures go into the job's own folder, and only the waiting program needs the job.
 */
export const DELIVERIES = ["keep", "keep and send", "send"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** Pictures that are sent and then removed need neither companion files nor a name pattern. */
const SENT_OPTIONS = {
  export_for_4chan: false,
  save_txt: false,
  samples_filename_pattern: "",
} as const satisfies Partial<Options>;

interface Delivered {
  id: string;
  delivery: Delivery;
}

/** The folders of the job's context. Grids are always kept. */
export function pictureFolders(
  { id, delivery }: Delivered,
  folders: Pick<DataFolders, "outputs" | "grids" | "sent">,
): Pick<ContextOf<"txt2img">, "outputsDir" | "gridsDir" | "unsavedDir"> {
  const own = sentFolder(folders.sent, id);
  return {
    outputsDir: delivery === "send" ? own : folders.outputs,
    gridsDir: folders.grids,
    ...(delivery !== "keep" && { unsavedDir: own }),
  };
}

/** The options that this delivery sets, whatever the user has chosen. */
export function deliveryOptions({ delivery }: Delivered): Partial<Options> {
  return delivery === "send" ? SENT_OPTIONS : {};
}

/** The job's own folder inside `root`. */
export function sentFolder(root: string, jobId: string): string {
  return join(root, jobId);
}

/** The artifact, marked as sent if it lies in the job's own folder. Pages get no events about such artifacts. */
export function markedAsSent(artifact: Artifact, jobFolder: string): Artifact {
  return artifact.path.startsWith(jobFolder + sep) ? { ...artifact, sent: true } : artifact;
}

/** Removes the folders that an earlier server left, because nobody waits for their pictures any more. */
export async function removeSentFolders(root: string): Promise<void> {
  const left = await readdir(root).catch(() => []);
  await Promise.all(left.map((name) => rm(join(root, name), { recursive: true, force: true })));
}
