/** @file Keeps the embedding that a run's end replaces as a copy of some run. */
import { RunFolders, type FoundCopy, type RunEnding } from "@lexeme/data-folder";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";

/**
 * Makes sure that runs have copies of the embeddings in the files that the run's end replaces. Returns the copy of the replaced embedding, or
 * null if the run continued from this embedding. Throws LexemeError if a copy cannot be written; then nothing may be replaced.
 */
export async function keepReplaced(
  { target, source }: PreparedRun,
  { logDir }: TrainPorts["context"],
): Promise<RunEnding["replaced"]> {
  const runs = new RunFolders(logDir);
  const kept: FoundCopy[] = [];
  for (const path of [target.path, ...target.replaces]) {
    const copy = await runs.keep(target.name, path, new Date());
    if (copy !== undefined) kept.push(copy);
  }
  const [before] = kept;
  return before === undefined || source.settings.resumeFrom === null ? null : runs.pointOf(before);
}
