/** @file What the embedding was before a run's end replaces it: kept as a copy of some run. */
import { RunFolders, type FoundCopy, type RunEnding } from "@lexeme/data-folder";
import type { PreparedRun, TrainPorts } from "./prepare-run.ts";

/**
 * Sees to it that what the files hold which the run's end replaces are copies of runs. Returns what the embedding was, unless the run went
 * on from that. Throws LexemeError where it cannot be written, and then nothing may be replaced.
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
