/** @file Keeps the embedding that a run's end replaces as a copy of some run. */
import { RunFolders, type FoundCopy, type RunEnding } from "@lexeme/data-folder";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";

export interface Kept {
  /** The files that may be replaced, because runs have copies of their embeddings. */
  readonly files: ReadonlySet<string>;
  /** The copy of the replaced embedding; null if the run continued from this embedding. */
  readonly replaced: RunEnding["replaced"];
}

/**
 * Makes sure that runs have copies of the embeddings in the files that the run's end replaces. Throws LexemeError if a copy cannot be written; then
 * nothing may be replaced.
 */
export async function keepReplaced({ target, source }: PreparedRun, { logDir }: TrainPorts["context"]): Promise<Kept> {
  const runs = new RunFolders(logDir);
  const kept = new Map<string, FoundCopy>();
  for (const path of [target.path, ...target.replaces]) {
    const copy = await runs.keep(target.name, path, new Date());
    if (copy !== undefined) kept.set(path, copy);
  }
  const [before] = kept.values();
  const isOwn = before === undefined || source.settings.resumeFrom === null;
  return { files: new Set(kept.keys()), replaced: isOwn ? null : await runs.pointOf(before) };
}
