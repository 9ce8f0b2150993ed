/** @file Where a job's pictures go: into the outputs folder, or into a folder of the job's own until they are sent to the program that asked. */
import { readdir, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Artifact, ContextOf } from "@lexeme/domain/jobs";
import type { Options } from "@lexeme/domain/options";
import type { DataFolders } from "../data-folder.ts";

/**
 * `keep`: into the outputs folder, as every job of the page. `keep and send`: the same, and unfinished pictures that the options do not keep go
 * into the job's own folder. `send`: all of them go there, and nobody but the program that waits wants the job.
 */
export const DELIVERIES = ["keep", "keep and send", "send"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** What is sent and then removed needs neither companions nor a name. */
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

/** The options that a job with this delivery has whatever anybody chose. */
export function deliveryOptions({ delivery }: Delivered): Partial<Options> {
  return delivery === "send" ? SENT_OPTIONS : {};
}

/** The job's own folder in the folder of them all. */
export function sentFolder(root: string, jobId: string): string {
  return join(root, jobId);
}

/** The artifact, marked when it lies in its job's own folder: pages hear nothing of those. */
export function markedAsSent(artifact: Artifact, jobFolder: string): Artifact {
  return artifact.path.startsWith(jobFolder + sep) ? { ...artifact, sent: true } : artifact;
}

/** Removes the folders that a former server left: nobody waits for those pictures any more. */
export async function removeSentFolders(root: string): Promise<void> {
  const left = await readdir(root).catch(() => []);
  await Promise.all(left.map((name) => rm(join(root, name), { recursive: true, force: true })));
}
